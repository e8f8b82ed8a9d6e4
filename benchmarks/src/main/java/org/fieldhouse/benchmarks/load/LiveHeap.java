package org.fieldhouse.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects that a JVM can reach, class by class, from {@code jcmd GC.class_histogram}, which collects first. What a JVM says to be
 * "in use" holds garbage made since the last collection, megabytes of it; a few KB kept per swap cannot be seen beside that.
 *
 * @param classes bytes of all instances, by the class's name as the JVM writes it, a hidden one's without its address
 */
public record LiveHeap(Map<String, Long> classes) {
    /** Without the number and address of a hidden class: each version of a bundle has its own, and would look grown. */
    private static final Pattern LINE =
            Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+?)(?:(?:\\$\\d+)?/0x\\p{XDigit}+)?(?:\\s.*)?");

    private static final int LOOKS = 4;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /**
     * The least of four looks, half a second apart: work that was under way holds on to objects for a moment, and what it is waiting
     * for only ever adds. The process should have nothing to do meanwhile. Takes some 3 s and stops the process at each look.
     *
     * @throws IOException if this JVM has no {@code jcmd} beside it, or the process does not answer to it
     */
    public static LiveHeap of(long pid) throws IOException {
        LiveHeap least = look(pid);
        for (int i = 1; i < LOOKS; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            LiveHeap next = look(pid);
            least = next.bytes() < least.bytes() ? next : least;
        }
        return least;
    }

    private static LiveHeap look(long pid) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** @throws IOException if no line of it is one of a histogram */
    static LiveHeap parse(String histogram) throws IOException {
        Map<String, Long> classes = new TreeMap<>();
        for (String line : histogram.split("\\R")) {
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                classes.merge(m.group(2), Long.parseLong(m.group(1)), Long::sum);
            }
        }
        if (classes.isEmpty()) {
            throw new IOException("jcmd GC.class_histogram says: " + histogram.strip());
        }
        return new LiveHeap(classes);
    }

    /** All of them together. */
    public long bytes() {
        return classes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The classes that have grown since, most first, one a line. */
    public List<String> grownSince(LiveHeap before, int most) {
        Map<String, Long> grown = new TreeMap<>(classes);
        before.classes.forEach((name, bytes) -> grown.merge(name, -bytes, Long::sum));
        return grown.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(e -> String.format(Locale.ROOT, "  %+10.1f KB  %s", e.getValue() / 1024.0, e.getKey()))
                .toList();
    }
}
