package org.fieldhouse.api.model;

/**
 * The condition of a device, and why, in words a person understands.
 *
 * @param condition the condition
 * @param reason one sentence with the cure where there is one; empty where the condition says it all
 */
public record Status(Condition condition, String reason) {
    /** The order is the code used in the journal: append only. */
    public enum Condition {
        /** Not reachable, and nothing is being done but waiting: unplugged, switched off, its bridge is not there. */
        OFFLINE,
        /** Being opened, or waiting for the next try. */
        CONNECTING,
        /** Works. */
        ONLINE,
        /** Cannot work until a person changes something: a wrong setting, a refused log-in. */
        FAULT,
        /** Its binding or firmware is being replaced. */
        UPDATING
    }

    public static final Status ONLINE = new Status(Condition.ONLINE, "");
    public static final Status CONNECTING = new Status(Condition.CONNECTING, "");

    public static Status offline(String reason) {
        return new Status(Condition.OFFLINE, reason);
    }

    public static Status fault(String reason) {
        return new Status(Condition.FAULT, reason);
    }

    public boolean isOnline() {
        return condition == Condition.ONLINE;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? condition.name() : condition + ": " + reason;
    }
}
