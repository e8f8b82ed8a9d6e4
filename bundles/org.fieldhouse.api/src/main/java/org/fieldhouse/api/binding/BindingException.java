package org.fieldhouse.api.binding;

import org.jspecify.annotations.Nullable;

/** Device trouble. The runtime turns it into a status and tries again, or, if it is permanent, waits for a person. */
public class BindingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean permanent;
    private final boolean unknown;

    /** Trouble that may pass: no answer, connection lost. The runtime tries again with back-off. */
    public BindingException(String message) {
        this(message, null, false, false);
    }

    /** Trouble that may pass, with the exception that showed it. */
    public BindingException(String message, Throwable cause) {
        this(message, cause, false, false);
    }

    private BindingException(String message, @Nullable Throwable cause, boolean permanent, boolean unknown) {
        super(message, cause);
        this.permanent = permanent;
        this.unknown = unknown;
    }

    /** Trouble that stays until a person changes something: a refused log-in, a setting that cannot work. */
    public static BindingException permanent(String message) {
        return new BindingException(message, null, true, false);
    }

    /** Nobody knows whether it was done: a command that may not be repeated then ends as unknown, and not as failed. */
    public static BindingException unknown(String message) {
        return new BindingException(message, null, false, true);
    }

    public boolean isPermanent() {
        return permanent;
    }

    public boolean isUnknown() {
        return unknown;
    }
}
