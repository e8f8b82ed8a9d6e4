package org.fieldhouse.api.config;

/** A setting that cannot be used. The message names the place and the cure. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SourceSpan place;

    public SettingsException(SourceSpan place, String message) {
        super(message);
        this.place = place;
    }

    public SourceSpan place() {
        return place;
    }
}
