package org.fieldhouse.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fieldhouse.features.lock.Versions;

/** A place in Maven layout from which artefacts come. */
interface Repository {
    /** For people. */
    String description();

    /**
     * The versions of an artefact that there are.
     *
     * @param group empty if not known: then a place that can be listed is searched, others have their own default
     */
    List<Coordinates> versions(String group, String artefact) throws IOException;

    /** Names of the features that it can list; empty if it cannot be listed. */
    List<String> features() throws IOException;

    /** Bundles that it holds and can be looked into without fetching them, {@value #LOOKED_INTO} at most. */
    default List<Path> jars() throws IOException {
        return List.of();
    }

    int LOOKED_INTO = 500;

    /** Bytes of a file of the artefact; empty if it is not there. */
    Optional<InputStream> open(Coordinates coordinates, String ending) throws IOException;

    /** Whether asking it means asking the network. */
    boolean isRemote();

    /** The newest within the range. */
    default Optional<Coordinates> newest(String group, String artefact, String range) throws IOException {
        return versions(group, artefact).stream()
                .filter(c -> Versions.within(c.version(), range))
                .max((a, b) -> Versions.compare(a.version(), b.version()));
    }
}
