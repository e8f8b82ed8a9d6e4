package org.fieldhouse.api.feature;

import java.util.List;

/**
 * A feature, or a bundle that stands alone.
 *
 * @param name unique among what is installed; {@code mqtt}, {@code org.example.acme}
 * @param version as of OSGi Core 3.2.5
 * @param title for people, may be empty
 * @param source where it comes from, for people: {@code distribution}, {@code deploy/acme.jar}, a URL
 * @param requested whether somebody asked for it, or it is there because others require it
 * @param requires names of the features that it requires, each optionally followed by a blank and a version range
 * @param requiredBy names of the installed features that require it
 * @param isolated how its process is, for people; empty if it runs in the process of the house
 * @param bundles in start order; those of an available feature are as its description says
 */
public record FeatureInfo(
        String name,
        String version,
        Kind kind,
        State state,
        String title,
        String source,
        boolean requested,
        List<String> requires,
        List<String> requiredBy,
        String isolated,
        List<BundleInfo> bundles) {
    public FeatureInfo {
        requires = List.copyOf(requires);
        requiredBy = List.copyOf(requiredBy);
        bundles = List.copyOf(bundles);
    }

    /** How it was described. */
    public enum Kind {
        FEATURE,
        BUNDLE
    }

    /** How it is. */
    public enum State {
        /** Not installed; a source has it. */
        AVAILABLE,
        /** Installed, every bundle of it active. */
        ACTIVE,
        /** Installed, but a bundle of it is not active; {@code /health} says why. */
        FAILING,
        /** Recorded, and in force after the next start: what it replaces cannot be replaced while the house runs. */
        RESTART
    }
}
