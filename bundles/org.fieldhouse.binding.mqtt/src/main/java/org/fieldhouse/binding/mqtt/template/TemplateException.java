package org.fieldhouse.binding.mqtt.template;

/** A template that is outside the subset, or a value that it cannot be applied to. Bad input, so without a stack trace. */
public class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message, null, false, false);
    }

    /** The template says itself that this message has no value for it ({@code | is_defined}). */
    public static final class NoValue extends TemplateException {
        private static final long serialVersionUID = 1L;

        NoValue() {
            super("the message has no such value");
        }
    }
}
