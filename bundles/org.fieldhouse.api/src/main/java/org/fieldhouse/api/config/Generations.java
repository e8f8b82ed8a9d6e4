package org.fieldhouse.api.config;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.fieldhouse.api.event.Cue;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service for the generations of the configuration directory that are kept. A generation is all that makes the house: device and
 * rule files, configurations, and the lock that pins what is installed; one file, {@code data/generations/current}, says which is in
 * force, and is replaced in one step. All methods: any thread but the configuration thread; they wait for it.
 */
@ProviderType
public interface Generations {
    /**
     * A generation.
     *
     * @param author who made it: a person, {@code files} for edits, {@code deploy folder}; empty if it is not known
     * @param changed paths of the files that differ from the one before; all of them for the oldest
     */
    record Kept(long number, Instant time, String author, List<String> changed) {
        public Kept {
            changed = List.copyOf(changed);
        }
    }

    /** Newest first; the first is in force. */
    List<Kept> kept();

    /**
     * The files of a kept generation, sorted by path.
     *
     * @throws IOException if it is not kept or cannot be read
     */
    List<SourceFile> files(long generation) throws IOException;

    /**
     * Makes a new generation that differs from the one in force by one file, which is in no folder that people edit. Returns when it
     * is on disk.
     *
     * @return its number
     * @throws IOException if it cannot be written; then the one before stays
     */
    long pin(SourceFile file, Cue cue) throws IOException;

    /**
     * Makes a new generation with the files of an earlier one, except for one, and puts the device and rule files back as they were
     * then. If the process dies half-way the next start ends it.
     *
     * @return what is wrong with these files today; an error among it means that nothing was changed
     * @throws IOException if it is not kept, or the new one cannot be written
     */
    List<Problem> restore(long generation, SourceFile instead, Cue cue) throws IOException;
}
