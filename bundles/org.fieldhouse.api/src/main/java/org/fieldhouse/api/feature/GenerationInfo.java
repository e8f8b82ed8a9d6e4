package org.fieldhouse.api.feature;

import java.time.Instant;
import java.util.List;

/**
 * One state of the house that can be gone back to: bundles with SHA-256, configuration, device and rule files.
 *
 * @param number counts up, with those that only changed files
 * @param time when it came in force
 * @param author who made it: a person, {@code files} for edits, {@code deploy folder}; empty if it is not known
 * @param changed paths of the files that differ from the generation before, {@code features.lock} if features do
 * @param features names and versions of the installed features, {@code mqtt 1.0.0}
 */
public record GenerationInfo(long number, Instant time, String author, List<String> changed, List<String> features) {
    public GenerationInfo {
        changed = List.copyOf(changed);
        features = List.copyOf(features);
    }
}
