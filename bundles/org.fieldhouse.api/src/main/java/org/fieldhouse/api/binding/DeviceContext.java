package org.fieldhouse.api.binding;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the runtime gives a device for the time that it is open. Every method may be called from any thread and returns at once
 * unless it says otherwise. After the device is closed all of it does nothing.
 */
@ProviderType
public interface DeviceContext {
    DeviceId id();

    /** Time for everything a device measures or stamps. Tests move it by hand. */
    Clock clock();

    /**
     * Says what the device is: at the end of {@link Device#open}, and again whenever it changes. Reports of points that are not
     * described are dropped and counted.
     */
    void describe(DeviceDescription description);

    /** A good value of a point, measured now. While an earlier report of the point waits, the newest replaces it (counted). */
    void report(String point, Value value);

    /**
     * A value of a point.
     *
     * @param sourceMicros when the device measured it, µs since 1970-01-01T00:00Z; 0 for now
     */
    void report(String point, Value value, Quality quality, long sourceMicros);

    /** A point cannot be read, or what came cannot be understood: its last value stays, its quality is BAD. */
    void reportBad(String point, String reason);

    /**
     * The device said something once.
     *
     * @return false if the device's mailbox is full and nothing was taken; the caller tells its peer or tries again
     */
    boolean signal(String event, Map<String, Value> arguments);

    /** A command has arrived at the machine ({@code PointSpec.Feedback.EXPLICIT}, or an action's acknowledgement). */
    void confirm(long command);

    /** A command was refused by the machine, after {@link Device#handle} had handed it over. */
    void fail(long command, String reason);

    /** The condition of the device, when it is not what the runtime can see for itself. */
    void status(Status status);

    /** The condition of a child, as its bridge hears it (availability). A child that its bridge is silent about is ONLINE. */
    void childStatus(DeviceId child, Status status);

    /**
     * The connection is lost: the runtime closes the device and opens it again with back-off. Returns at once; the first call
     * counts.
     */
    void lost(String reason);

    /** Bad input was met and skipped: counted, logged once in a while, shown with the device. */
    void malformed(String what);

    /** Discovery found a device that is reached through this one. Offering it again replaces the offer. */
    void offer(Candidate candidate);

    /** A device that was offered is no longer there. */
    void withdraw(DeviceId candidate);

    /**
     * The bridge of this device, opened and online.
     *
     * @throws BindingException if the bridge is not of that class
     */
    <T extends Device> T bridge(Class<T> type) throws BindingException;

    /** Runs on the lane after a while; ended with the context. */
    Cancellable after(Duration delay, LaneTask task);

    /** Runs on the lane again and again, with that pause between the runs; ended with the context. */
    Cancellable every(Duration pause, LaneTask task);

    /** Runs on the lane as soon as it is free. */
    void execute(LaneTask task);

    /**
     * A thread of the device's own, for a reader that blocks. Interrupted and joined after {@link Device#close}; what it throws
     * is taken as {@link #lost}.
     */
    void thread(String name, LaneTask loop);

    /** Something to do on the lane. What it throws is taken as {@link #lost}. */
    @FunctionalInterface
    interface LaneTask {
        void run() throws BindingException, InterruptedException;
    }

    /** A timer that can be ended. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}
