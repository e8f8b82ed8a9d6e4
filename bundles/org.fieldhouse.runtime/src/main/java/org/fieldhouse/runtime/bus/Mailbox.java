package org.fieldhouse.runtime.bus;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a device says and the bus has not numbered yet. Bounded: a report replaces the waiting report of the same point, unless
 * something that is not a report was said in between; signals are refused when too many wait. Any thread; returns at once.
 * Everything keeps the order in which it was put in.
 *
 * <p>What is said by {@link #report}, {@link #signal} and {@link #say} may reach prompt subscriptions only at {@link #attend}, which
 * the caller calls next, once it holds no lock.
 */
public interface Mailbox {
    /**
     * A point's value. The caller has checked that the point is described and the value fits.
     *
     * @param value null to keep the last value and change its quality only; a GOOD report needs one
     * @param sourceMicros when the device measured it, µs since 1970-01-01T00:00Z; 0 for now
     */
    void report(String point, @Nullable Value value, Quality quality, long sourceMicros);

    /**
     * Something the device said once.
     *
     * @return false if too many wait and nothing was taken
     */
    boolean signal(String event, Map<String, Value> arguments);

    /** A fact about the device in order with its reports: status, description, the end of a command. Never refused. */
    void publish(Fact fact, Cause cause);

    /** The same by a caller that is going to {@link #attend}. */
    void say(Fact fact, Cause cause);

    /** Runs prompt handlers (the rules) on this thread for what was said, if theirs sleep. No lock may be held. */
    void attend();

    /**
     * The same, for a fact that must not be forgotten.
     *
     * @return as {@link Ingress#publishDurably}
     */
    CompletionStage<Event> publishDurably(Fact fact, Cause cause);

    /** The device is no longer online: every point that is not already so becomes OFFLINE, and keeps its value. */
    void offline();

    /** The device is online again: points that are OFFLINE get back the quality they had, or STALE if their max-age is over. */
    void online();

    /** Reports that were replaced by a later one before they had a number; exact. */
    long coalesced();

    /** Signals that were refused; exact. */
    long refused();

    /** Reports, signals and facts that wait now. */
    int waiting();
}
