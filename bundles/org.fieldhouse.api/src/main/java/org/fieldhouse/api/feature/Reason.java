package org.fieldhouse.api.feature;

/**
 * Why a change was refused or undone.
 *
 * @param code stable, {@code F…}; docs/FEATURES.md lists them
 * @param subject the feature, bundle or file it is about
 * @param message what is wrong
 * @param cure what to do about it, which may name who could provide what is missing; empty if nothing is known
 */
public record Reason(String code, String subject, String message, String cure) {
    @Override
    public String toString() {
        return "[" + code + "] " + subject + ": " + message + (cure.isEmpty() ? "" : "; " + cure);
    }
}
