package org.fieldhouse.api.feature;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces one bundle by another revision of it without loss: quiesce, hold commands, hand over state, update, start, replay.
 * {@link Features} calls it for bundles whose devices are open; everybody else changes bundles through {@code Features}, which
 * verifies, vets and records.
 */
@ProviderType
public interface Swap {
    /** Whether the bundle owns something that must not simply be stopped. Any thread, does not wait. */
    boolean concerns(long bundle);

    /**
     * Updates the bundle in place from the jar, refreshes it, starts it, and returns when its devices work as before, or when the
     * old revision does again. Must not be called from a framework callback.
     *
     * @param bundle id in the framework
     * @param jar the new revision; its symbolic name is the bundle's
     * @param previous the revision that runs, to go back to
     * @param deadline for all of it
     * @return empty if the new revision runs; else why it does not, in one line, and then the old one runs
     */
    Optional<String> swap(long bundle, Path jar, Path previous, Duration deadline);
}
