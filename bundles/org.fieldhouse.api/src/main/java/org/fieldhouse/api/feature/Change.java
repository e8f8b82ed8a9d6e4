package org.fieldhouse.api.feature;

/** What {@link Features} is asked to do. */
public sealed interface Change {
    /**
     * Installs a feature or a single bundle, with the features that it requires. If one of the same name is installed it is
     * replaced, whichever version is the newer: this is how an update comes from a file.
     *
     * @param isolated in a process of its own, whether it asks for that or not; false leaves that as it is
     */
    record Install(Source source, boolean isolated) implements Change {
        public Install(Source source) {
            this(source, false);
        }
    }

    /**
     * Replaces what is installed by the newest version within the range that a repository has; nothing to do if that is
     * installed.
     *
     * @param feature name of an installed feature or bundle
     * @param versions a version range as of OSGi Core 3.2.6, {@code [1.2,2)}; empty for any
     */
    record Update(String feature, String versions) implements Change {}

    /**
     * Takes a feature or a single bundle away. Bundles that others use stay. Refused while an installed feature requires it.
     *
     * @param feature name of an installed feature or bundle
     */
    record Remove(String feature) implements Change {}

    /**
     * Decides that a feature or bundle runs in a process of its own, or takes that back. The decision is for the name: it is kept
     * before the feature is installed and after it is removed.
     *
     * @param feature its name; {@code *} for all that somebody asked for and that did not come with the distribution
     * @param isolated false leaves the feature as its own description says: one that asks for a process keeps it. Where {@code *} are
     *     isolated it is an exception from that
     * @param heapMegabytes heap of the process, MiB; 0 for what the feature says, or the default
     */
    record Isolate(String feature, boolean isolated, int heapMegabytes) implements Change {}

    /**
     * Goes back to a kept generation: its bundles, its configuration, its device and rule files. Makes a new generation with that
     * content.
     *
     * @param generation number of one of {@link Features#history()}
     */
    record RollBack(long generation) implements Change {}
}
