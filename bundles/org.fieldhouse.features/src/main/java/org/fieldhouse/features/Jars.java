package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.apache.felix.utils.resource.ResourceImpl;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** What can be said of a jar without loading anything of it. */
final class Jars {
    /** Of an artefact, packed; the largest bundle of the distribution has 14 MB. */
    static final long MOST_BYTES = 256L << 20;
    /** Unpacked, of a whole artefact. */
    static final long MOST_UNPACKED = 1L << 30;

    private static final int MOST_ENTRIES = 65_535;
    private static final long MOST_MANIFEST = 1L << 20;
    /** DEFLATE reaches 1032:1 with zeros; classes and texts stay below 20:1. */
    private static final int MOST_RATIO = 200;

    private Jars() {}

    /** @param headers of the manifest's main section */
    record Bundle(String name, String version, Map<String, String> headers) {
        /** Capabilities and requirements. */
        ResourceImpl resource() throws IOException {
            try {
                return ResourceBuilder.build(name, headers);
            } catch (BundleException | RuntimeException e) {
                throw new IOException("its manifest is wrong: " + e.getMessage(), e);
            }
        }

        /** Whether any code of it is run when it starts: an activator, a component, or what another extender finds in it. */
        boolean doesSomething() {
            return headers.containsKey(Constants.BUNDLE_ACTIVATOR)
                    || headers.containsKey("Service-Component")
                    || headers.getOrDefault(Constants.REQUIRE_CAPABILITY, "").contains("osgi.extender");
        }

        boolean isFragment() {
            return headers.containsKey(Constants.FRAGMENT_HOST);
        }
    }

    /** @throws IOException if it is no bundle, or not within bounds; the message is for people */
    static Bundle read(Path jar) throws IOException {
        checkBounds(jar);
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            Map<String, String> headers = new HashMap<>();
            if (manifest != null) {
                for (Map.Entry<Object, Object> entry :
                        manifest.getMainAttributes().entrySet()) {
                    headers.put(((Attributes.Name) entry.getKey()).toString(), (String) entry.getValue());
                }
            }
            String name = headers.get(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new IOException("not a bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
            }
            int directives = name.indexOf(';');
            String version =
                    headers.getOrDefault(Constants.BUNDLE_VERSION, "0.0.0").strip();
            return new Bundle((directives < 0 ? name : name.substring(0, directives)).strip(), version, headers);
        }
    }

    /** Number and size of entries, and no path that leads outside. */
    static void checkBounds(Path zip) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            long size = 0;
            long packed = 0;
            Set<String> names = new HashSet<>();
            if (file.size() > MOST_ENTRIES) {
                throw new IOException(file.size() + " entries; at most " + MOST_ENTRIES + " are taken");
            }
            for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                String name = entry.getName();
                if (name.startsWith("/")
                        || name.contains("\\")
                        || Arrays.asList(name.split("/")).contains("..")) {
                    throw new IOException("the path " + name + " leads outside");
                }
                if (!names.add(name)) {
                    throw new IOException("has " + name + " twice");
                }
                if (name.equalsIgnoreCase(JarFile.MANIFEST_NAME) && entry.getSize() > MOST_MANIFEST) {
                    throw new IOException("its manifest has " + (entry.getSize() >> 20) + " MB; at most "
                            + (MOST_MANIFEST >> 20) + " is taken");
                }
                size += Math.max(0, entry.getSize());
                packed += Math.max(0, entry.getCompressedSize());
            }
            if (size > MOST_UNPACKED || size > (1 << 20) && size / Math.max(1, packed) > MOST_RATIO) {
                throw new IOException("unpacks to " + (size >> 20) + " MB from " + (packed >> 10) + " KB; at most "
                        + (MOST_UNPACKED >> 20) + " MB and " + MOST_RATIO + ":1 are taken");
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("has a path that cannot be read: " + e.getMessage(), e);
        }
    }
}
