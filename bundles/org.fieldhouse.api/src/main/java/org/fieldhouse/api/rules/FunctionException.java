package org.fieldhouse.api.rules;

/** A function could not do what was asked. The message is for people. */
public final class FunctionException extends Exception {
    private static final long serialVersionUID = 1L;

    public FunctionException(String message) {
        super(message);
    }

    public FunctionException(String message, Throwable cause) {
        super(message, cause);
    }
}
