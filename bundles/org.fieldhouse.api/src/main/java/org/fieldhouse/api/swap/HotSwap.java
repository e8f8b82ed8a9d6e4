package org.fieldhouse.api.swap;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces bundles while the house runs. Every update of a bundle with a {@link org.fieldhouse.api.binding.Binding} is watched and, if
 * the new version is not healthy, taken back, through whatever door it comes; this service tells how it went. Thread-safe.
 */
@ProviderType
public interface HotSwap {
    /**
     * Updates a bundle from a jar and waits until it is healthy: started, with the services that it had, and, for a binding, with all
     * the devices online that were. Else the version before comes back. Returns at once.
     *
     * @param bundleId its number in the framework
     * @param jar read while it is installed, and not needed afterwards
     * @return completes within a minute, normally in all cases that {@link Swap.Outcome} knows; exceptionally if there is no such
     *     bundle or the jar cannot be read
     */
    CompletionStage<Swap> replace(long bundleId, Path jar);

    /** The last updates, 64 at most, newest last. */
    List<Swap> recent();

    /** How often each bundle has started since the runtime did, by symbolic name: what an update of another one must not change. */
    Map<String, Integer> starts();

    /**
     * Bundles that left and are still in memory, with what keeps them. Collects garbage first, which stops the house for some ten
     * milliseconds; with a heap dump for some seconds.
     *
     * @param heapDump whether to look for the way from a root to each of them, if threads and registrations do not explain it
     */
    List<Leak> leaks(boolean heapDump);
}
