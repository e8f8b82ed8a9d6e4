package org.fieldhouse.shell;

/** A command could not be done; the message is for the person who typed it. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message, null, false, false);
    }

    /** Gogo prints this. */
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
