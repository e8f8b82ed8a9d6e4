package org.fieldhouse.serial.port;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialSettings;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** All ports that were opened, by the file behind their path. */
@Component(service = Lines.class)
public final class Lines {
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A swap has 5 s for the start, 2 s for the registration, and as much again for the way back. */
    private static final Duration KEPT = Duration.ofSeconds(15);

    private final Map<Path, Line> lines = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timers;
    private final Duration grace;
    private final Duration kept;

    /** In the process of an isolated feature nobody comes after its bundle: the next version is in another process, and waits for the port. */
    @Activate
    public Lines(BundleContext context) {
        this(isAlone(context) ? Duration.ZERO : GRACE, isAlone(context) ? Duration.ZERO : KEPT);
    }

    private static boolean isAlone(BundleContext context) {
        return context.getProperty("fieldhouse.isolated") != null;
    }

    Lines(Duration grace, Duration kept) {
        this.grace = grace;
        this.kept = kept;
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-serial-timers");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
    }

    SerialPort open(String path, SerialSettings settings, User user) throws BindingException {
        Path file = Access.resolve(path);
        return lines.computeIfAbsent(file, f -> new Line(f, timers, grace, kept))
                .open(path, settings, user);
    }

    void userGone(User user) {
        lines.values().forEach(line -> line.userGone(user));
    }

    /** Closes all ports. */
    @Deactivate
    public void close() {
        timers.shutdownNow();
        lines.values().forEach(Line::shut);
    }
}
