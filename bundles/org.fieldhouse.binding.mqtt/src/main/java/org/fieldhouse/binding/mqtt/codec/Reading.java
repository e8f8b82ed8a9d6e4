package org.fieldhouse.binding.mqtt.codec;

import org.fieldhouse.api.value.Value;

/** What a wire value means. */
public sealed interface Reading {
    /** A value of the point. */
    record Good(Value value) implements Reading {}

    /** It cannot be understood; why, for people. */
    record Bad(String reason) implements Reading {}

    /** Nothing is said about the point. */
    record Absent() implements Reading {}

    /** The peer says that it does not know the value now. */
    record Unknown() implements Reading {}

    Reading UNKNOWN = new Unknown();
    Reading ABSENT = new Absent();
    Reading ON = new Good(org.fieldhouse.api.value.Bool.ON);
    Reading OFF = new Good(org.fieldhouse.api.value.Bool.OFF);

    static Reading good(Value value) {
        return new Good(value);
    }

    static Reading bad(String reason) {
        return new Bad(reason);
    }
}
