package org.fieldhouse.api.command;

/**
 * How a command ended.
 *
 * @param outcome how
 * @param reason why, for people; empty where the outcome says it all
 */
public record CommandResult(Outcome outcome, String reason) {
    /** The order is the code used in the journal: append only. */
    public enum Outcome {
        /** The device says so, or reports the asked value. */
        CONFIRMED,
        /** Handed to the transport, and the device gives no feedback. */
        SENT,
        /** Could not be done. */
        FAILED,
        /** No confirmation before the deadline. */
        TIMED_OUT,
        /** A stronger slot is in force; the request waits in its own. */
        OVERRIDDEN,
        /** A newer command for the same point took its place before it left or was confirmed. */
        SUPERSEDED,
        /** A crash cut it off and it may not be repeated: nobody knows. */
        UNKNOWN
    }

    public static final CommandResult CONFIRMED = new CommandResult(Outcome.CONFIRMED, "");
    public static final CommandResult SENT = new CommandResult(Outcome.SENT, "");

    public static CommandResult failed(String reason) {
        return new CommandResult(Outcome.FAILED, reason);
    }

    /** Whether what was asked for was, as far as can be known, done. */
    public boolean ok() {
        return outcome == Outcome.CONFIRMED || outcome == Outcome.SENT;
    }
}
