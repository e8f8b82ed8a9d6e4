package org.fieldhouse.api.config;

import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A bundle that gives meaning to one kind of file of the configuration directory; register it as a service. A change is taken in
 * two steps so that a generation is in force as a whole or not at all: every participant prepares, and only if none found an
 * error is each told to activate.
 */
@ConsumerType
public interface ConfigurationParticipant {
    /** The folder and ending of its files: {@code rules/*.rules}. */
    String pattern();

    /** All of its patterns, if it has more than one kind of file. */
    default List<String> patterns() {
        return List.of(pattern());
    }

    /**
     * Checks the files. Pure: nothing is in force yet. Called on the configuration thread.
     *
     * @param files all files of the pattern, sorted by path
     * @param model the devices that this generation will have
     */
    Prepared prepare(List<SourceFile> files, HouseModel model);

    /**
     * The file when a device is called otherwise: the same but for the places that name it. Pure; any thread.
     *
     * @param from what the device is called in it, without quotes
     */
    default SourceFile renamed(SourceFile file, String from, String to) {
        return file;
    }

    /** The outcome of {@link #prepare}. */
    @ConsumerType
    interface Prepared {
        /** What was found; an error keeps the running generation. */
        List<Problem> problems();

        /** Puts the files in force. Must not fail. Called after the generation's record is on disk. */
        void activate(long generation);
    }
}
