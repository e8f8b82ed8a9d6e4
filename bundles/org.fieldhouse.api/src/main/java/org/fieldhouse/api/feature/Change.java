package org.fieldhouse.api.feature;

/** What {@link Features} is asked to do. */
public sealed interface Change {
    /**
     * Installs a feature or a single bundle, with the features that it requires. If one of the same name is installed it is
     * replaced, whichever version is the newer: this is how an update comes from a file.
     */
    record Install(Source source) implements Change {}

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
     * Goes back to a kept generation: its bundles, its configuration, its device and rule files. Makes a new generation with that
     * content.
     *
     * @param generation number of one of {@link Features#history()}
     */
    record RollBack(long generation) implements Change {}
}
