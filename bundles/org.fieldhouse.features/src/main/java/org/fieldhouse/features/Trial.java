package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts the bundles of a feature once, where that can do no harm. */
interface Trial {
    /**
     * Returns when the process is gone.
     *
     * @throws IOException if nothing was tried, with the reason
     */
    Outcome of(Guest guest) throws IOException, InterruptedException;

    /**
     * What is tried.
     *
     * @param name of the feature
     * @param heapMegabytes heap of the process, MiB
     * @param classPath jars outside its framework
     * @param bundles level, kind and path, by blanks, as the process wants them
     */
    record Guest(String name, int heapMegabytes, List<Path> classPath, List<String> bundles) {
        public Guest {
            classPath = List.copyOf(classPath);
            bundles = List.copyOf(bundles);
        }
    }

    /**
     * What became of it.
     *
     * @param bundle the one whose start began last; empty if none did
     * @param failure why the house would not have lived on; empty if it would
     * @param notes what was not tried, for people
     */
    record Outcome(String bundle, String failure, List<String> notes) {
        public Outcome {
            notes = List.copyOf(notes);
        }
    }
}
