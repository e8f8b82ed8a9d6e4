package org.fieldhouse.api.feature;

/**
 * One step of a change that is being made.
 *
 * @param subject feature, bundle, file or URL that is being worked on
 * @param done how much of the stage is done, in the stage's own unit: bytes when fetching, things otherwise
 * @param total what {@code done} runs up to; -1 if not known
 */
public record Progress(Stage stage, String subject, long done, long total) {
    /** In order. Until COMMIT has been reported, the change can still be undone, and ends with ROLL_BACK if it fails. */
    public enum Stage {
        /** Reading or downloading into a place of the service's own. */
        FETCH,
        /** Comparing with the checksums that are known. */
        VERIFY,
        /** {@link Vetting}. */
        VET,
        /** Looking whether every requirement will be met, before anything is touched. */
        RESOLVE,
        /** Starting what nobody stands for once in a process of its own, to see that it does no harm. */
        TRY,
        /** Installing, updating, uninstalling bundles; default configurations. */
        INSTALL,
        /** Starting bundles in order. */
        START,
        /** Bundles active, components satisfied, health no worse than before. */
        CHECK,
        /** The generation is on disk. */
        COMMIT,
        /** Something failed: putting everything back. */
        ROLL_BACK
    }
}
