package org.fieldhouse.api.feature;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a process is made of.
 *
 * @param name of the feature
 * @param version as of OSGi Core 3.2.5
 * @param heapMegabytes heap of the process, MiB, {@value #LEAST_HEAP} to {@value #MOST_HEAP}; the process as a whole may use
 *     {@value #BESIDE_HEAP} MiB more
 * @param classPath jars outside its framework: the framework itself, the API, the bundle that serves the process
 * @param bundles in start order
 * @param configurations PIDs that it gets, and beginnings of PIDs up to a {@code .} or {@code ~}
 */
public record IsolatedFeature(
        String name,
        String version,
        int heapMegabytes,
        List<Path> classPath,
        List<Start> bundles,
        Set<String> configurations) {
    /** A framework with its components hardly fits in less. */
    public static final int LEAST_HEAP = 16;

    public static final int MOST_HEAP = 4096;
    /** Classes, code and stacks. */
    public static final int BESIDE_HEAP = 160;
    /** Enough for some hundred devices. */
    public static final int DEFAULT_HEAP = 64;

    public IsolatedFeature {
        classPath = List.copyOf(classPath);
        bundles = List.copyOf(bundles);
        configurations = Set.copyOf(configurations);
        if (heapMegabytes < LEAST_HEAP || heapMegabytes > MOST_HEAP) {
            throw new IllegalArgumentException(
                    "the heap of a process is " + LEAST_HEAP + " to " + MOST_HEAP + " MB, not " + heapMegabytes);
        }
    }

    /**
     * A bundle of the process.
     *
     * @param level start level, 1 to 10; what is above 3 gets its configurations before it starts
     * @param own whether its bindings are brought into the house
     */
    public record Start(Path jar, int level, boolean own) {}
}
