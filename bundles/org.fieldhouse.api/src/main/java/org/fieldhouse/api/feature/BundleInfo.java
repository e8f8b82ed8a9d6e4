package org.fieldhouse.api.feature;

/**
 * A bundle of a feature.
 *
 * @param name symbolic name
 * @param version as of OSGi Core 3.2.5
 * @param level start level, 1 to 10
 * @param sha256 of the jar, 64 hexadecimal digits in lower case; empty if not known yet
 * @param id in the framework; -1 if not installed
 * @param state a constant of {@code org.osgi.framework.Bundle}; 0 if not installed
 * @param shared how many installed features have it
 */
public record BundleInfo(String name, String version, int level, String sha256, long id, int state, int shared) {}
