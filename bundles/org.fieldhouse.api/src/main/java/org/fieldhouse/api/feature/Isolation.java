package org.fieldhouse.api.feature;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service that runs features in processes of their own, each with a framework of its own; of what is in them the house sees the
 * {@link org.fieldhouse.api.binding.Binding}s alone. A process that dies is started again, after growing pauses, until it has died
 * too often; then it stays down until somebody asks for it. Thread-safe.
 */
@ProviderType
public interface Isolation {
    /**
     * Starts the process of a feature, in place of the one that runs under its name, and waits until its bindings are there, and the
     * devices that were online are so again. If that fails, the process before goes on.
     *
     * @throws IOException if the process does not start, a bundle does not start in it, or it takes more than about a minute
     */
    void run(IsolatedFeature feature) throws IOException;

    /** As {@link #run}, without waiting; if it fails it is tried again like a process that died. For the start of the house. */
    void keep(IsolatedFeature feature);

    /**
     * Starts the process of a feature anew, also if it was given up. Returns at once.
     *
     * @throws IllegalArgumentException if no feature of this name runs here
     */
    void restart(String feature);

    /** Ends the process of a feature, and waits until it is gone. Does nothing if there is none. */
    void end(String feature);

    /** The processes, by the names of their features. */
    List<IsolatedProcess> processes();
}
