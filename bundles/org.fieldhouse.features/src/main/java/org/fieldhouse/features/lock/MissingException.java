package org.fieldhouse.features.lock;

/** Features cannot be put together; the message says what is missing. */
public final class MissingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The feature or bundle that is missing or does not fit. */
    public final String subject;
    /** The feature that requires it; empty if a person asked for it. */
    public final String by;

    MissingException(String subject, String by, String message) {
        super(message);
        this.subject = subject;
        this.by = by;
    }
}
