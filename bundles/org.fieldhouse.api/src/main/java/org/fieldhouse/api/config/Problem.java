package org.fieldhouse.api.config;

/**
 * Something wrong, or doubtful, in a configuration file.
 *
 * @param severity whether it keeps the file from being taken
 * @param code stable: {@code E101} for rule files, {@code C…} for configuration files
 * @param place where
 * @param message what is wrong and how to mend it
 */
public record Problem(Severity severity, String code, SourceSpan place, String message) {
    /** The order is the code used in the journal: append only. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(String code, SourceSpan place, String message) {
        return new Problem(Severity.ERROR, code, place, message);
    }

    public static Problem warning(String code, SourceSpan place, String message) {
        return new Problem(Severity.WARNING, code, place, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return place + ": " + (isError() ? "error" : "warning") + " [" + code + "] " + message;
    }
}
