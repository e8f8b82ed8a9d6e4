package org.fieldhouse.shell;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Leak;
import org.fieldhouse.api.swap.Swap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Replacing bundles, and what keeps those that left. */
@Component(
        service = SwapCommands.class,
        property = {
            "osgi.command.scope=fieldhouse",
            "osgi.command.function=swap",
            "osgi.command.function=swaps",
            "osgi.command.function=leaks"
        })
public final class SwapCommands {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final double MEBIBYTE = 1024.0 * 1024;

    private final HotSwap hotSwap;
    private final EventBus bus;
    private final BundleContext context;

    @Activate
    public SwapCommands(@Reference HotSwap hotSwap, @Reference EventBus bus, BundleContext context) {
        this.hotSwap = hotSwap;
        this.bus = bus;
        this.context = context;
    }

    /** {@code swap org.fieldhouse.binding.mqtt new.jar}: returns when it is done; fails if the version before is in place again. */
    public void swap(String bundle, String jar) {
        Path file = Path.of(jar).toAbsolutePath().normalize();
        long id = find(bundle);
        Swap done;
        try {
            done = hotSwap.replace(id, file).toCompletableFuture().join();
        } catch (CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(String.valueOf(cause.getMessage()));
        }
        boolean replaced = done.outcome() == Swap.Outcome.REPLACED;
        bus.publish(
                new Fact.AuditRecorded(
                        replaced ? "bundle.swapped" : "bundle.refused",
                        done.bundle() + ' ' + done.from() + " → " + done.to(),
                        file + (replaced ? "" : ": " + done.outcome() + ", " + done.reason())),
                Cue.user(Times.user()));
        if (!replaced) {
            throw new CommandFailure(line(done));
        }
        System.out.println(line(done));
    }

    private long find(String bundle) {
        if (bundle.matches("\\d{1,18}")) {
            return Long.parseLong(bundle);
        }
        List<Bundle> found = Arrays.stream(context.getBundles())
                .filter(b -> bundle.equals(b.getSymbolicName()))
                // One that never returned from its activator stays beside the one that works.
                .filter(b -> (b.getState() & (Bundle.STARTING | Bundle.STOPPING)) == 0)
                .toList();
        if (found.size() != 1) {
            throw new CommandFailure(
                    found.isEmpty()
                            ? "there is no bundle " + bundle
                            : "there are " + found.size() + ": give the number");
        }
        return found.get(0).getBundleId();
    }

    /** The last updates, and starts. */
    public void swaps() {
        hotSwap.recent().forEach(s -> System.out.println(TIME.format(s.at()) + "  " + line(s)));
        System.out.println("starts  "
                + hotSwap.starts().entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private static String line(Swap s) {
        String how = s.bundle() + " " + s.from() + " -> " + s.to() + "  " + s.outcome() + "  gap "
                + s.gap().toMillis() + " ms";
        return s.reason().isEmpty() ? how : how + "  " + s.reason();
    }

    /** What keeps bundles that left. */
    public void leaks() {
        show(hotSwap.leaks(false));
    }

    /** {@code leaks heap}: with the way from a root, if nothing simpler explains it. */
    public void leaks(String how) {
        if (!how.equals("heap")) {
            throw new CommandFailure("leaks, or leaks heap");
        }
        show(hotSwap.leaks(true));
    }

    private static void show(List<Leak> leaks) {
        for (Leak leak : leaks) {
            System.out.println(leak.bundle() + ", left " + TIME.format(leak.left()) + ", is kept by");
            if (leak.holders().isEmpty()) {
                System.out.println("  something that threads and registrations do not show; try `leaks heap`");
            }
            leak.holders().forEach(h -> System.out.println("  " + h));
        }
        System.out.printf(
                Locale.ROOT,
                "%d kept; heap %.1f MB in use, %d threads%n",
                leaks.size(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }
}
