package org.fieldhouse.api.feature;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;

/**
 * Where a feature or a bundle comes from. What comes is told by its content: a bundle (jar), a feature ({@code .json}, OSGi
 * Compendium 8.1 ch. 159) whose bundles are looked up in the repositories, or an archive ({@code .far}, {@code .zip}: one feature
 * and a repository in Maven layout with its bundles).
 */
public sealed interface Source {
    /** For people: messages and history. */
    String description();

    /**
     * The newest version within the range in the repositories, in their order: the distribution's own first, then folders, then
     * those that need the network.
     *
     * @param name {@code zigbee}; or {@code group:artifact} for a bundle
     * @param versions a version range as of OSGi Core 3.2.6, {@code [1.2,2)}; empty for any
     */
    record Named(String name, String versions) implements Source {
        @Override
        public String description() {
            return versions.isEmpty() ? name : name + " " + versions;
        }
    }

    /** A file, with its signature beside it ({@code NAME.minisig}), or a folder (which is read as a repository with exactly one feature at its top); read once, not kept open. */
    record At(Path path) implements Source {
        @Override
        public String description() {
            return path.toString();
        }
    }

    /** {@code file:}, {@code http:} or {@code https:}. */
    record Url(URI uri) implements Source {
        @Override
        public String description() {
            return uri.toString();
        }
    }

    /**
     * Something handed in.
     *
     * @param name of the file, for messages; no path
     * @param content read to its end once, not closed
     * @param signature what stands for it, the text of a {@code .minisig}; empty if there is none
     */
    record Upload(String name, InputStream content, String signature) implements Source {
        @Override
        public String description() {
            return name;
        }
    }
}
