package org.fieldhouse.runtime.swap.sample;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.Status;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * A binding whose versions differ in what goes wrong. Its classes are of a bundle's own loader, so it speaks to the test by a list in
 * the system properties.
 */
public final class Sample implements BundleActivator, Binding {
    /** The header that says what goes wrong. */
    public static final String HEADER = "Sample";

    /** The system property with the list of calls. */
    public static final String CALLS = "sample.calls";

    /** What goes wrong. */
    public enum Trouble {
        NOTHING,
        THROWS,
        HANGS,
        NEVER_ENDS,
        NO_BINDING,
        CANNOT_CREATE,
        REFUSES_STATE,
        TAKE_OVER_THROWS,
        /** Until it is released; then it begins a thread that stays. */
        TAKE_OVER_NEVER_ENDS,
        NEVER_HEALTHY
    }

    private Trouble trouble = Trouble.NOTHING;
    private String version = "";

    @Override
    public void start(BundleContext context) throws InterruptedException {
        trouble = Trouble.valueOf(context.getBundle().getHeaders().get(HEADER));
        version = context.getBundle().getVersion().toString();
        switch (trouble) {
            case THROWS -> throw new IllegalStateException("broken on purpose");
            case HANGS -> new java.util.concurrent.CountDownLatch(1).await();
            case NEVER_ENDS -> awaitRelease();
            case NO_BINDING -> {
                return;
            }
            default -> {}
        }
        context.registerService(Binding.class, this, null);
    }

    private static void awaitRelease() {
        while (System.getProperty("sample.release") == null) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }

    private static void stay() {
        while (System.getProperties().containsKey(CALLS)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public String id() {
        return "sample";
    }

    @Override
    public Set<String> types() {
        return Set.of("thing");
    }

    @Override
    public Device create(DeviceConfig config) {
        if (trouble == Trouble.CANNOT_CREATE) {
            throw new IllegalStateException("cannot create on purpose");
        }
        return new Thing();
    }

    private final class Thing implements Swappable {
        private String state = "";

        @SuppressWarnings("unchecked")
        private void say(String what) {
            ((List<String>) System.getProperties().get(CALLS)).add(version + " " + what);
        }

        @Override
        public void open(DeviceContext context) {
            say("open");
            begin(context, version);
        }

        private void begin(DeviceContext context, String from) {
            state = from;
            context.describe(new DeviceDescription("thing", List.of(), List.of(), List.of(), null, Map.of()));
            if (trouble == Trouble.NEVER_HEALTHY) {
                context.status(new Status(Status.Condition.CONNECTING, "no answer"));
            }
        }

        @Override
        public void handle(Command command) {}

        @Override
        public void close() {
            say("close");
        }

        @Override
        public void quiesce() {
            say("quiesce");
        }

        @Override
        public HandOver handOver() {
            say("handOver");
            return new HandOver(1, state.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean takeOver(DeviceContext context, HandOver left) throws BindingException {
            String from = new String(left.state(), StandardCharsets.UTF_8);
            say("takeOver " + from);
            switch (trouble) {
                case REFUSES_STATE -> {
                    return false;
                }
                case TAKE_OVER_THROWS -> throw new BindingException("cannot take over on purpose");
                case TAKE_OVER_NEVER_ENDS -> {
                    awaitRelease();
                    Thread late = new Thread(Sample::stay, "late");
                    late.setDaemon(true);
                    late.start();
                }
                default -> begin(context, from);
            }
            return true;
        }
    }
}
