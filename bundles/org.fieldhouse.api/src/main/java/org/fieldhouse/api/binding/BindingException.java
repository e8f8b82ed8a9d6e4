package org.fieldhouse.api.binding;

import org.jspecify.annotations.Nullable;

/** Device trouble. The runtime turns it into a status and tries again, or, if it is permanent, waits for a person. */
public class BindingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean permanent;

    /** Trouble that may pass: no answer, connection lost. The runtime tries again with back-off. */
    public BindingException(String message) {
        this(message, null, false);
    }

    /** Trouble that may pass, with the exception that showed it. */
    public BindingException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private BindingException(String message, @Nullable Throwable cause, boolean permanent) {
        super(message, cause);
        this.permanent = permanent;
    }

    /** Trouble that stays until a person changes something: a refused log-in, a setting that cannot work. */
    public static BindingException permanent(String message) {
        return new BindingException(message, null, true);
    }

    public boolean isPermanent() {
        return permanent;
    }
}
