package org.fieldhouse.serial.port;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device file: free, in the hands of a user, or kept open for the next one. Its monitor is held while the system opens and
 * closes the port, which nobody but users of the same port has to wait for.
 */
final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final Path file;
    private final ScheduledExecutorService timers;
    private final Duration grace;
    private final Duration kept;
    private @Nullable Connection connection;
    private @Nullable Lease last;
    private @Nullable Future<?> end;

    /**
     * @param grace how long a port that was given back stays open
     * @param kept how long it does when its user has gone
     */
    Line(Path file, ScheduledExecutorService timers, Duration grace, Duration kept) {
        this.file = file;
        this.timers = timers;
        this.grace = grace;
        this.kept = kept;
    }

    synchronized SerialPort open(String path, SerialSettings settings, User user) throws BindingException {
        Lease before = last;
        if (before != null && before.isHeld()) {
            if (connection != null && connection.failure() == null) {
                throw new BindingException(path + " is in use by another device of " + before.user());
            }
            before.end();
        }
        cancelEnd();
        Connection open = connection;
        boolean given = true;
        if (open == null
                || before == null
                || open.failure() != null
                || !open.settings().equals(settings)
                || !user.isNextVersionOf(before.user())) {
            given = false;
            closeNow();
            open = Connection.open(path, file, settings);
            connection = open;
        }
        LOG.info("{}: {} for {} ({})", path, given ? "given on" : "open", user, settings);
        Lease lease = new Lease(path, this, open, user);
        last = lease;
        return lease;
    }

    synchronized void release(Lease lease) {
        if (lease == last && lease.isHeld()) {
            lease.end();
            endAfter(connection != null && connection.failure() == null ? grace : Duration.ZERO);
        }
    }

    /** A bundle has stopped, or is being replaced. */
    synchronized void userGone(User user) {
        Lease lease = last;
        if (lease != null && lease.user() == user && connection != null) {
            lease.end();
            endAfter(connection.failure() == null ? kept : Duration.ZERO);
        }
    }

    /** Whether nobody has had the port after this one. */
    synchronized boolean isLast(Lease lease) {
        return lease == last && connection != null;
    }

    /** For good: whoever has it is told that it was closed. */
    synchronized void shut() {
        Lease lease = last;
        if (lease != null) {
            lease.end();
        }
        closeNow();
    }

    private void closeNow() {
        cancelEnd();
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
            LOG.info("{}: closed", file);
        }
    }

    private void endAfter(Duration delay) {
        cancelEnd();
        if (delay.isZero() || timers.isShutdown()) {
            closeNow();
        } else {
            end = timers.schedule(this::closeIfFree, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void closeIfFree() {
        if (last == null || !last.isHeld()) {
            closeNow();
        }
    }

    private void cancelEnd() {
        Future<?> waiting = end;
        end = null;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
