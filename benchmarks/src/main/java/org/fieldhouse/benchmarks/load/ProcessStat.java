package org.fieldhouse.benchmarks.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the Linux kernel says of a process, see proc(5). */
public final class ProcessStat {
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux ABI

    private ProcessStat() {}

    /** CPU time of all threads and waited-for children, also of those that have ended, in ns with a grain of 10 ms. */
    public static long cpuNanos(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // The second field is the name in brackets and may hold blanks; utime, stime, cutime and cstime are fields 14
        // to 17.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    /** CPU time of each process of the machine, as {@link #cpuNanos}. */
    public static Map<Long, Long> everybody() throws IOException {
        Map<Long, Long> all = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                try {
                    all.put(pid, cpuNanos(pid));
                } catch (IOException ended) {
                    continue; // between the list and the look
                }
            }
        }
        return all;
    }

    /** A process and what it has started and still lives. */
    public static List<Long> family(long pid) {
        List<Long> family = new ArrayList<>(List.of(pid));
        ProcessHandle.of(pid).ifPresent(parent -> {
            try (Stream<ProcessHandle> started = parent.descendants()) {
                // What has ended and is not waited for has no command.
                started.filter(each -> each.info().command().isPresent()).forEach(each -> family.add(each.pid()));
            }
        });
        return family;
    }

    /** Resident set in bytes. */
    public static long residentBytes(long pid) throws IOException {
        return status(pid, "VmRSS:");
    }

    /** The largest resident set so far in bytes. */
    public static long peakBytes(long pid) throws IOException {
        return status(pid, "VmHWM:");
    }

    private static long status(long pid, String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no " + key + " of process " + pid);
    }

    /** CPU time in ns of the threads that live now, by name and id: to see where it goes. */
    public static Map<String, Long> threads(long pid) throws IOException {
        Map<String, Long> result = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                putThread(result, task);
            }
        }
        return result;
    }

    private static void putThread(Map<String, Long> result, Path task) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            String schedule = Files.readString(task.resolve("schedstat"));
            result.put(name + "/" + task.getFileName(), Long.parseLong(schedule.split(" ")[0]));
        } catch (NoSuchFileException ended) {
            return; // what it used is in the process's own figure
        }
    }

    /** The load average of the last minute, so that a reader knows what else the machine did. */
    public static double loadAverage() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }
}
