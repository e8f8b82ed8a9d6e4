package org.fieldhouse.binding.mqtt.json;

/** A text that is no JSON. Carries no stack trace: it is bad input, not a fault of the program. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message, null, false, false);
    }
}
