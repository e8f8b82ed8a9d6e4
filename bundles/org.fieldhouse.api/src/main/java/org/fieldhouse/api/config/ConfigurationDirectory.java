package org.fieldhouse.api.config;

import java.nio.file.Path;
import java.util.List;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.DeviceId;
import org.osgi.annotation.versioning.ProviderType;

/** The service for the one directory of text that says what the house is. All methods: any thread. */
@ProviderType
public interface ConfigurationDirectory {
    /** Where it is. */
    Path root();

    /** The number of the generation in force. */
    long generation();

    /**
     * Whether everybody who reads files has been given theirs once since they came, or was refused them: at a start, and after a
     * bundle that reads files was installed, the first look at them takes its time.
     */
    boolean hasLooked();

    /** What is wrong with the files as they are on disk now; empty if they are in force without remarks. */
    List<Problem> problems();

    /** The files of the generation in force (which may differ from what is on disk). */
    List<SourceFile> files();

    /**
     * Reads the directory again at once instead of waiting for the watcher. Returns when the new generation is in force or
     * refused.
     */
    List<Problem> reload();

    /**
     * Writes one file and takes it into force, or leaves everything as it was if any participant finds an error. Touches no
     * other file.
     *
     * @return what was found; no error among it means that it is in force
     */
    List<Problem> write(SourceFile file, Cue cue);

    /** Accepts a candidate under a name: adds its entry to {@code devices/}. Problems as with {@link #write}. */
    List<Problem> accept(DeviceId candidate, String name, Cue cue);
}
