package org.fieldhouse.api.event;

import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * Why an event is. Made by the runtime alone: a caller says what it reacted to ({@link Cue}), the runtime says who the caller is.
 *
 * @param parent sequence number of the event that led to this one; 0 for an external root
 * @param origin what kind of party caused it
 * @param actor who exactly: device id, user name, rule name, bundle; never empty
 * @param rule the declaration that decided it; null unless {@code origin} is RULE
 */
public record Cause(long parent, Origin origin, String actor, @Nullable RuleRef rule) {
    /** The order is the code used in the journal: append only. */
    public enum Origin {
        /** The outside world, through a device. */
        DEVICE,
        /** A declaration in a rule file. */
        RULE,
        /** A person, through shell, console or REST. */
        USER,
        /** A change of the configuration directory. */
        CONFIGURATION,
        /** The clock. */
        CLOCK,
        /** The runtime itself: start, stop, time-out, staleness. */
        RUNTIME,
        /** Another bundle or program. */
        EXTERNAL
    }

    /**
     * A place in a rule file.
     *
     * @param name the declaration's name
     * @param file path within the configuration directory
     * @param line 1-based line of the statement
     */
    public record RuleRef(String name, String file, int line) {
        @Override
        public String toString() {
            return '"' + name + "\" (" + file + ':' + line + ')';
        }
    }

    public static final Cause RUNTIME = new Cause(0, Origin.RUNTIME, "runtime", null);
    public static final Cause CLOCK = new Cause(0, Origin.CLOCK, "clock", null);

    /** Something a device said. Keep the instance per device: it is on the path of every report. */
    public static Cause device(DeviceId id) {
        return new Cause(0, Origin.DEVICE, id.value(), null);
    }
}
