package org.fieldhouse.isolation.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle that does whatever a test asks of it, in the process that it is in. Its devices are all alike: they count. */
public final class BadActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws Exception {
        String does = String.valueOf(context.getBundle().getHeaders().get("Does"));
        switch (does) {
            case "throw" -> throw new IllegalStateException("no coffee");
            case "hang" -> new CountDownLatch(1).await();
            case "exit" -> System.exit(7);
            case "stop-framework" -> {
                context.getBundle(0).stop();
                Thread.sleep(200);
            }
            case "eat-slowly" -> eatSlowly();
            default ->
                context.registerService(
                        Binding.class, new BadBinding(does.equals("impostor") ? "virtual" : "bad"), null);
        }
    }

    /** Half of a heap of 48 MB within half a second, and all of it within another. */
    private static void eatSlowly() {
        List<byte[]> all = new ArrayList<>();
        Thread thread = new Thread(() -> {
            while (true) {
                all.add(new byte[1 << 20]);
                try {
                    Thread.sleep(12);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop(BundleContext context) {}

    private record BadBinding(String id) implements Binding {
        @Override
        public Set<String> types() {
            return Set.of("counter");
        }

        @Override
        public Device create(DeviceConfig config) throws SettingsException {
            String secret =
                    config.settings().secret("password").map(s -> s.reveal()).orElse("");
            return new Counter(
                    config.settings().text("open", ""),
                    secret,
                    config.settings().integer("from", 0, 1000, 0));
        }
    }

    /** Reports what it counts, and does what actions say. */
    private static final class Counter implements Swappable {
        private final String onOpen;
        private final String secret;
        private long count;
        private DeviceContext context;

        Counter(String onOpen, String secret, long from) {
            this.onOpen = onOpen;
            this.secret = secret;
            this.count = from;
        }

        @Override
        public void open(DeviceContext newContext) throws BindingException, InterruptedException {
            context = newContext;
            if (!onOpen.isEmpty()) {
                act(onOpen);
            }
            describe();
        }

        private void describe() {
            PointSpec count = PointSpec.measurement("count", ValueSpec.quantity(org.fieldhouse.api.value.Unit.ONE));
            List<ActionSpec> actions = new ArrayList<>();
            for (String each :
                    List.of("tick", "exit", "hang", "stubborn", "hog", "flood", "shout", "signal", "few", "say")) {
                actions.add(new ActionSpec(each, List.of(), false, ""));
            }
            context.describe(new DeviceDescription(
                    "counter",
                    List.of(count, PointSpec.state("text", ValueSpec.TEXT)),
                    actions,
                    List.of(new EventSpec("counted", List.of(), "")),
                    "count",
                    Map.of()));
        }

        @Override
        public void handle(Command command) throws BindingException, InterruptedException {
            act(((CallAction) command.request()).action());
            context.confirm(command.id());
        }

        private void act(String what) throws BindingException, InterruptedException {
            switch (what) {
                case "refuse" -> throw new BindingException("not today");
                case "never" -> throw BindingException.permanent("never");
                case "throw" -> throw new IllegalStateException("no coffee");
                case "tick" -> context.report("count", Quantity.of(++count));
                case "exit" -> Runtime.getRuntime().halt(9);
                case "hang" -> new CountDownLatch(1).await();
                case "stubborn" -> stubborn();
                case "hog" -> hog();
                case "flood" -> flood();
                case "shout" -> shout();
                case "signal" -> signal(5000);
                case "few" -> signal(50);
                case "say" ->
                    context.report(
                            "text",
                            new Text(secret + "|" + System.getenv().keySet() + "|" + System.getProperty("user.dir")));
                default -> throw new BindingException("does not know " + what);
            }
        }

        @SuppressWarnings("EmptyCatch")
        private static void stubborn() {
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // means harm
                }
            }
        }

        private static void hog() {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }

        private void flood() {
            context.thread("flood", () -> {
                for (long i = 0; !Thread.currentThread().isInterrupted(); i++) {
                    context.describe(DeviceDescription.of(
                            "counter" + i % 7,
                            PointSpec.measurement("count", ValueSpec.quantity(org.fieldhouse.api.value.Unit.ONE))));
                    context.report("count", Quantity.of(i));
                }
            });
        }

        private static void shout() {
            for (int i = 0; i < 100_000; i++) {
                System.out.println("shout " + i);
            }
        }

        private void signal(int most) {
            int sent = 0;
            while (sent < most) {
                if (context.signal("counted", Map.of("number", Quantity.of(sent)))) {
                    sent++;
                } else {
                    Thread.yield();
                }
            }
        }

        @Override
        public HandOver handOver() {
            return new HandOver(1, new byte[] {(byte) count});
        }

        @Override
        public boolean takeOver(DeviceContext newContext, HandOver left) {
            context = newContext;
            count = left.state()[0];
            describe();
            return true;
        }

        @Override
        public void close() {
            context = null;
        }
    }
}
