package org.fieldhouse.api.swap;

import java.time.Duration;
import java.time.Instant;

/**
 * How an update of a bundle went.
 *
 * @param bundle its symbolic name
 * @param bundleId its number in the framework
 * @param from version before
 * @param to version that was to come
 * @param outcome what became of it
 * @param reason for people: why it was taken back; empty if it was not
 * @param gap from the old version's leave to the moment when all its devices worked again
 * @param at when the old version left
 */
public record Swap(
        String bundle,
        long bundleId,
        String from,
        String to,
        Outcome outcome,
        String reason,
        Duration gap,
        Instant at) {
    /** What can become of an update. */
    public enum Outcome {
        /** The new version is in place, and healthy. */
        REPLACED,
        /** The new version was not healthy; the old one is in place again, and healthy. */
        ROLLED_BACK,
        /** Neither version came up; the reason names both troubles. A person must act. */
        FAILED
    }
}
