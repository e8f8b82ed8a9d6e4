package org.fieldhouse.benchmarks.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.history.store.Store;

/**
 * A month of 200 points that say a temperature of a tenth of a degree each minute, written every 15 minutes as the history does: states a
 * second, bytes a state, and what questions take. One argument, a directory on the disk that is meant.
 */
public final class HistoryBench {
    private static final int POINTS = 200;
    private static final int MINUTES = 30 * 24 * 60;
    private static final int WRITE_MINUTES = 15;
    private static final long MINUTE = 60_000_000L;
    private static final long BEGIN = 1_790_000_000_000_000L;
    private static final int ROUNDS = 9;

    private HistoryBench() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "history");
        try {
            write(directory);
            ask(directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void write(Path directory) throws IOException {
        Store store = Store.open(directory, Store.Limits.DEFAULT);
        Random random = new Random(7);
        double[] degrees = new double[POINTS];
        long nanos = 0;
        long longest = 0;
        long number = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            List<Store.Sample> samples = new ArrayList<>(POINTS);
            for (int point = 0; point < POINTS; point++) {
                degrees[point] += Math.rint(random.nextGaussian() * 2) / 10;
                long time = BEGIN + minute * MINUTE + point * 300_000L + random.nextInt(50_000);
                samples.add(new Store.Sample(
                        point(point),
                        time,
                        new State(Quantity.of(Math.rint(degrees[point] * 10) / 10, "°C"), Quality.GOOD, time, time)));
            }
            number += POINTS;
            long begin = System.nanoTime();
            store.add(samples, number, BEGIN + minute * MINUTE);
            if (minute % WRITE_MINUTES == WRITE_MINUTES - 1) {
                long before = System.nanoTime();
                store.flush();
                longest = Math.max(longest, System.nanoTime() - before);
                store.sort();
            }
            nanos += System.nanoTime() - begin;
        }
        say("states written, durable every 15 min", number, "");
        say("states a second", number * 1e9 / nanos, "");
        say("longest write", longest / 1e6, "ms");
        say("bytes a state", store.bytes() / (double) store.kept(), "");
    }

    private static void ask(Path directory) throws IOException {
        long begin = System.nanoTime();
        Store store = Store.open(directory, Store.Limits.DEFAULT);
        say("opened in", (System.nanoTime() - begin) / 1e6, "ms");
        Instant end = Instant.EPOCH.plus(BEGIN + MINUTES * MINUTE, ChronoUnit.MICROS);
        say("a month of a point", median(store, end.minus(Duration.ofDays(30)), end), "ms");
        say("a day of a point", median(store, end.minus(Duration.ofDays(1)), end), "ms");
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long before = System.nanoTime();
            if (store.before(point(i), end.minus(Duration.ofDays(3L * i))).isEmpty()) {
                throw new IllegalStateException("nothing was " + 3 * i + " days ago");
            }
            times.add((System.nanoTime() - before) / 1e6);
        }
        times.sort(null);
        say("what a point was at a time", times.get(ROUNDS / 2), "ms");
    }

    private static double median(Store store, Instant from, Instant to) throws IOException {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            int[] count = {0};
            store.read(point(i * 17), from, to, state -> count[0]++ >= 0);
            times.add((System.nanoTime() - begin) / 1e6);
            if (count[0] < MINUTES / 31) {
                throw new IllegalStateException("only " + count[0] + " states");
            }
        }
        times.sort(null);
        return times.get(ROUNDS / 2);
    }

    private static PointId point(int number) {
        return PointId.of("sensor/" + number, "temperature");
    }

    private static void say(String what, double figure, String unit) {
        System.out.println(String.format(Locale.ROOT, "%-40s %,12.1f %s", what, figure, unit));
    }
}
