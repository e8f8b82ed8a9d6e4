package org.fieldhouse.launcher;

/** The start cannot go on; the message is for the person who started it. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    final Exit exit;

    StartException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }
}
