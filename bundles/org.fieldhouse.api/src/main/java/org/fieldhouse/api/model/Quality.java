package org.fieldhouse.api.model;

/** How far a state can be trusted. A condition over a state that is not GOOD is unknown. Append only: the order is a code. */
public enum Quality {
    GOOD,
    /** The device itself doubts the value. */
    UNCERTAIN,
    /** Sensor fault, unreadable or out of range on the wire. */
    BAD,
    /** Older than the point's max-age. */
    STALE,
    /** The device is not online; the value is the last one known. */
    OFFLINE,
    /** Never reported. */
    NEVER_REPORTED;

    public boolean isGood() {
        return this == GOOD;
    }
}
