package org.fieldhouse.api.value;

/** A two-valued state. Which word means which side (on/off, open/closed) is said by the point's {@code ValueSpec}. */
public record Bool(boolean on) implements Value {
    public static final Bool ON = new Bool(true);
    public static final Bool OFF = new Bool(false);

    /** One of the two shared instances. */
    public static Bool of(boolean on) {
        return on ? ON : OFF;
    }

    @Override
    public ValueKind kind() {
        return ValueKind.BOOL;
    }

    @Override
    public String toString() {
        return on ? "on" : "off";
    }
}
