package org.fieldhouse.runtime.swap;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.JavaFrameGCRoot;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.ThreadObjectGCRoot;
import org.netbeans.lib.profiler.heap.Value;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from a root of the heap to a class loader, from a heap dump. */
final class HeapPaths {
    private static final Logger LOG = LoggerFactory.getLogger(HeapPaths.class);
    private static final String DIAGNOSTIC = "com.sun.management:type=HotSpotDiagnostic";
    /** A list may have so many nodes. */
    private static final int LONGEST = 2_000;

    private static final int SHOWN = 8;

    private HeapPaths() {}

    /** Stands for a loader in {@link #find}'s answer; it is in the dump as well, and unique. */
    static String key(ClassLoader loader) {
        return loader.getClass().getName() + "@" + loader.toString();
    }

    /**
     * For each loader, by {@link #key}, one way that keeps it. Stops the house while the dump is written.
     *
     * @param loaders weakly, also in the caller's variables, which would be found as what keeps them
     */
    static Map<String, List<String>> find(List<WeakReference<ClassLoader>> loaders) {
        Map<String, List<String>> out = new HashMap<>();
        Path directory = null;
        try {
            directory = Files.createTempDirectory("fieldhouse-heap");
            Path dump = directory.resolve("heap.hprof");
            // The dump knows objects by class and content alone: each loader is given a marker to be known by.
            Marker[] markers = mark(loaders);
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName(DIAGNOSTIC), "dumpHeap", new Object[] {dump.toString(), true}, new String[] {
                        "java.lang.String", "boolean"
                    });
            read(dump.toFile(), markers, out);
        } catch (IOException | JMException | RuntimeException e) {
            LOG.warn("No heap dump to look for holders in: {}", e.toString());
        } finally {
            delete(directory);
        }
        return out;
    }

    private static Marker[] mark(List<WeakReference<ClassLoader>> loaders) {
        Marker[] markers = new Marker[loaders.size()];
        for (int i = 0; i < markers.length; i++) {
            markers[i] = new Marker(i, loaders.get(i).get());
        }
        return markers;
    }

    /** Holds a loader weakly, so that it is found in the dump and does not count as what keeps it. */
    private static final class Marker extends WeakReference<ClassLoader> {
        @SuppressWarnings("unused") // read in the dump
        private final int number;

        private final String key;

        Marker(int number, @Nullable ClassLoader loader) {
            super(loader);
            this.number = number;
            this.key = loader == null ? "collected" : key(loader);
        }
    }

    private static void read(File dump, Marker[] markers, Map<String, List<String>> out) throws IOException {
        Heap heap = HeapFactory.createHeap(dump);
        JavaClass marks = heap.getJavaClassByName(Marker.class.getName());
        if (marks == null) {
            return;
        }
        for (Object each : marks.getInstances()) {
            Instance mark = (Instance) each;
            Object number = mark.getValueOfField("number");
            Object loader = mark.getValueOfField("referent");
            if (number instanceof Integer n && n < markers.length && loader instanceof Instance i) {
                out.put(markers[n].key, List.of(way(heap, i)));
            }
        }
    }

    /** {@code root thread 'x' -> Foo.field -> Bar.list -> …}, from the root on. */
    private static String way(Heap heap, Instance loader) {
        List<String> steps = new ArrayList<>();
        Instance at = loader;
        for (int i = 0; i < LONGEST && !at.isGCRoot(); i++) {
            Instance holder = at.getNearestGCRootPointer();
            if (holder == null || holder.equals(at)) {
                return "no way from a root was found: it will be collected";
            }
            String step = field(holder, at);
            if (steps.isEmpty() || !steps.get(0).equals(step)) { // each node of a list is the same step
                steps.add(0, step);
            }
            at = holder;
        }
        String root = root(heap, at);
        int left = steps.size() - SHOWN;
        if (left > 0) {
            steps.subList(SHOWN / 2, SHOWN / 2 + left).clear();
            steps.add(SHOWN / 2, "(" + left + " more)");
        }
        return root + " -> " + String.join(" -> ", steps);
    }

    private static String field(Instance holder, Instance of) {
        for (Object value : holder.getFieldValues()) {
            if (value instanceof ObjectFieldValue field && of.equals(field.getInstance())) {
                return holder.getJavaClass().getName() + "." + field.getField().getName();
            }
        }
        for (Object value : of.getReferences()) {
            if (value instanceof Value v && holder.equals(v.getDefiningInstance())) {
                return holder.getJavaClass().getName()
                        + (v instanceof ObjectFieldValue f ? "." + f.getField().getName() : "[]");
            }
        }
        return holder.getJavaClass().getName();
    }

    private static String root(Heap heap, Instance at) {
        GCRoot root = (GCRoot) heap.getGCRoot(at);
        if (root instanceof ThreadObjectGCRoot) {
            return "thread " + at.getJavaClass().getName() + " '" + name(at) + "'";
        }
        if (root instanceof JavaFrameGCRoot frame) {
            return "a local variable of thread '" + name(frame.getThreadGCRoot().getInstance()) + "'";
        }
        return (root == null ? "" : root.getKind() + " ") + at.getJavaClass().getName();
    }

    private static String name(Instance thread) {
        Object name = thread.getValueOfField("name");
        if (!(name instanceof Instance text)) {
            return "?";
        }
        Object value = text.getValueOfField("value");
        if (!(value instanceof org.netbeans.lib.profiler.heap.PrimitiveArrayInstance bytes)) {
            return "?";
        }
        StringBuilder out = new StringBuilder();
        for (Object b : bytes.getValues()) {
            int c = Integer.parseInt(String.valueOf(b)) & 0xff;
            if (c != 0) {
                out.append((char) c);
            }
        }
        return out.toString();
    }

    private static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("{} stays: {}", directory, e.getMessage());
        }
    }
}
