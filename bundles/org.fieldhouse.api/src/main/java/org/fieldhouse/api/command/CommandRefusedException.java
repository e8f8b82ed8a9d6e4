package org.fieldhouse.api.command;

/** A request that cannot become a command: unknown point, read-only, out of range. The message names the place and the cure. */
public final class CommandRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandRefusedException(String message) {
        super(message);
    }
}
