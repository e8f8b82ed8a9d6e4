package org.fieldhouse.api.feature;

import java.util.Locale;

/**
 * What a {@link Vetting} step found in an artefact.
 *
 * @param code stable, of the step's own: {@code signature}, {@code checksum}, {@code capability}, {@code bytecode}, …
 * @param subject artefact, and place within it if there is one
 * @param message what was found and, if it refuses, what the administrator can do
 */
public record Finding(Weight weight, String code, String subject, String message) {
    /** What it means for the artefact. */
    public enum Weight {
        /** To be shown. */
        NOTE,
        /** To be shown before anything else; does not refuse. */
        WARNING,
        /** The artefact is not let in. */
        REFUSAL
    }

    public boolean isRefusal() {
        return weight == Weight.REFUSAL;
    }

    @Override
    public String toString() {
        return weight.name().toLowerCase(Locale.ROOT) + " [" + code + "] " + subject + ": " + message;
    }
}
