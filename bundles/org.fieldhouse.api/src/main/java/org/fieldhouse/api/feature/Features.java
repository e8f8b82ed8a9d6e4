package org.fieldhouse.api.feature;

import java.util.List;
import java.util.function.Consumer;
import org.fieldhouse.api.event.Cue;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service that installs, updates, removes and lists features and single bundles while the house runs. A bundle that was
 * installed alone is listed as a feature of {@link FeatureInfo.Kind#BUNDLE} that bears its symbolic name.
 *
 * <p>Changes are made one after the other on a thread of the service's own. A change is in force as a whole or not at all: until
 * its generation is recorded, everything can be undone, and on a failure everything is. If the process dies at any instant, the
 * next start boots the generation before or the one after, never parts of both.
 *
 * <p>All methods: any thread, except that {@link #apply}, {@link #plan} and {@link #inspect} must not be called from a framework
 * callback (activator, listener), a {@link Vetting} or the configuration thread: they wait.
 */
@ProviderType
public interface Features {
    /** What is installed, sorted by name. */
    List<FeatureInfo> installed();

    /**
     * What could be installed: the newest version of every feature in every source that can be listed, sorted by name. A source
     * that cannot be reached is left out and logged. May read files; asks no network.
     */
    List<FeatureInfo> available();

    /**
     * Dry run: what {@link #apply} would change, and why it would be refused. Reads, downloads, verifies, vets and resolves as
     * {@code apply} does; installs, starts, configures and records nothing.
     *
     * @return refusals are in {@link Plan#reasons()}; it never throws for what it finds
     */
    Plan plan(Change change);

    /**
     * Makes the change in stages, see {@link Progress.Stage}, and returns when it is in force or undone.
     *
     * @param cue why
     * @param progress called in order on the service's thread, must not block and must not throw; not called after the return
     * @return what was done; a refusal or failure is a result, not an exception
     */
    Result apply(Change change, Cue cue, Consumer<Progress> progress);

    /**
     * Vets what is installed under this name again.
     *
     * @param feature the name of an installed feature or bundle
     * @return what the steps found, in their order
     * @throws IllegalArgumentException if nothing of this name is installed
     */
    List<Finding> inspect(String feature);

    /**
     * What was refused in {@code deploy/} since the start, sorted by name, each until the file is let in, replaced or removed. Nothing of it is
     * kept over a start, which tries all of it again.
     */
    List<RefusedFile> refused();

    /** The generations that are kept, newest first; the first is the one in force. */
    List<GenerationInfo> history();

    /** The lock of the generation in force, as text: features, bundles with SHA-256, configurations. */
    String lock();
}
