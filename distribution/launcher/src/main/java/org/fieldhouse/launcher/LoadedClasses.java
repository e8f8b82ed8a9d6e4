package org.fieldhouse.launcher;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In the run that makes the class data archive, links the bundles' classes that were loaded and not linked. When the JVM dumps it does so by
 * itself only for classes of its own loaders, and leaves the others out; they would be read from their jars at every start.
 *
 * <p>The classes that change what is installed are taken as well, although that run seldom needs them: the first change of a run would
 * wait for them.
 *
 * <p>Which ones were loaded the JVM writes to a file: {@code -Xlog:class+load}, named by the property {@code fieldhouse.loaded}.
 */
final class LoadedClasses {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedClasses.class);
    private static final List<String> CHANGING = List.of("org.fieldhouse.features", "org.fieldhouse.trust");
    private static final String SOURCE = " source: file:";

    private LoadedClasses() {}

    /** Before the framework is stopped. Does nothing where no archive is made. */
    static void link(BundleContext context) {
        String file = System.getProperty("fieldhouse.loaded");
        if (file == null) {
            return;
        }
        try {
            Map<String, Bundle> bundles = new HashMap<>();
            for (Bundle bundle : context.getBundles()) {
                bundles.put(fileName(bundle.getLocation()), bundle);
            }
            List<String> lines = Files.readAllLines(Path.of(file));
            for (String line : lines) {
                int source = line.indexOf(SOURCE);
                Bundle bundle = source < 0 ? null : bundles.get(fileName(line));
                if (bundle != null) {
                    link(bundle, line.substring(0, source));
                }
            }
            for (Bundle bundle : context.getBundles()) {
                if (CHANGING.contains(bundle.getSymbolicName())) {
                    linkAll(bundle);
                }
            }
            Files.delete(Path.of(file));
        } catch (IOException e) {
            LOG.debug("The class data archive will hold less", e);
        }
    }

    private static void linkAll(Bundle bundle) {
        Enumeration<URL> entries = bundle.findEntries("/", "*.class", true);
        while (entries != null && entries.hasMoreElements()) {
            String path = entries.nextElement().getPath().substring(1);
            link(bundle, path.substring(0, path.length() - ".class".length()).replace('/', '.'));
        }
    }

    private static void link(Bundle bundle, String name) {
        try {
            // The look-up of fields links a class without initialising it.
            int fields = bundle.loadClass(name).getDeclaredFields().length;
            LOG.trace("{} with {} fields goes into the class data archive", name, fields);
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debug("{} stays out of the class data archive", name, e);
        }
    }

    private static String fileName(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
