package org.fieldhouse.history.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final long BEGIN = 1_790_000_000_000_000L;
    private static final long SECOND = 1_000_000;
    private static final PointId A = PointId.of("a", "level");
    private static final PointId B = PointId.of("b", "level");
    private static final Instant EVER = Instant.MAX;

    @TempDir
    Path directory;

    /** Event n, of n seconds, says n of a point: a of even, b of odd ones. */
    private static void add(Store store, int from, int to) {
        List<Store.Sample> samples = new ArrayList<>();
        for (int n = from; n < to; n++) {
            long time = BEGIN + n * SECOND;
            samples.add(
                    new Store.Sample(n % 2 == 0 ? A : B, time, new State(Quantity.of(n), Quality.GOOD, time, time)));
        }
        store.add(samples, to - 1, BEGIN + (to - 1) * SECOND);
    }

    private static List<Integer> values(Store store, PointId point) throws IOException {
        return values(store, point, Instant.MIN, EVER);
    }

    private static List<Integer> values(Store store, PointId point, Instant from, Instant to) throws IOException {
        List<Integer> values = new ArrayList<>();
        store.read(point, from, to, state -> values.add(number(state)));
        return values;
    }

    private static int number(PastState state) {
        return (int) ((Quantity) java.util.Objects.requireNonNull(state.value())).number();
    }

    private static List<Integer> every2nd(int from, int to) {
        return IntStream.range(from, to).filter(n -> n % 2 == from % 2).boxed().toList();
    }

    private static Instant second(int n) {
        return Instant.EPOCH.plus(BEGIN + n * SECOND, ChronoUnit.MICROS);
    }

    private Store open() throws IOException {
        return Store.open(directory, Store.Limits.DEFAULT);
    }

    private Path only(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(suffix)).findFirst().orElseThrow();
        }
    }

    @Test
    void whatIsInMemoryIsAnsweredAndNotKept() throws IOException {
        Store store = open();
        add(store, 2, 10);
        assertThat(values(store, A)).isEqualTo(every2nd(2, 10));
        assertThat(open().cursor()).isZero();
        store.flush();
        add(store, 10, 13);
        assertThat(values(store, B)).isEqualTo(every2nd(3, 13));
        Store again = open();
        assertThat(again.cursor()).isEqualTo(9);
        assertThat(values(again, A)).isEqualTo(every2nd(2, 10));
        assertThat(values(again, PointId.of("c", "level"))).isEmpty();
    }

    @Test
    void aRangeIsFromAndTo() throws IOException {
        Store store = open();
        for (int i = 0; i < 10; i++) {
            add(store, i * 100, i * 100 + 100);
            store.flush();
        }
        assertThat(values(store, A, second(200), second(208))).containsExactly(200, 202, 204, 206);
        assertThat(store.before(A, second(200)).map(StoreTest::number)).contains(198);
        assertThat(store.before(B, second(500)).map(StoreTest::number)).contains(499);
        assertThat(store.before(A, second(0))).isEmpty();
        assertThat(store.before(A, EVER).map(StoreTest::number)).contains(998);
    }

    /** Cut at every byte: what was committed is there, what was not comes again, nothing twice. */
    @Test
    void aWriteThatIsCutOffIsDoneAgain() throws IOException {
        Store first = open();
        add(first, 0, 10);
        first.flush();
        Path log = only(".log");
        long committed = Files.size(log);
        add(first, 10, 20);
        first.flush();
        byte[] all = Files.readAllBytes(log);
        for (int cut = 0; cut <= all.length; cut++) {
            Files.write(log, java.util.Arrays.copyOf(all, cut));
            Store store = open();
            long cursor = store.cursor();
            assertThat(cursor).isEqualTo(cut < committed ? 0 : cut < all.length ? 9 : 19);
            assertThat(store.damaged()).isZero();
            add(store, cursor == 0 ? 0 : (int) cursor + 1, 20);
            store.flush();
            assertThat(values(open(), A)).as("cut at %d", cut).isEqualTo(every2nd(0, 20));
        }
    }

    /** One bit wrong, anywhere: at most one chunk is missing, and it is told. */
    @Test
    void damageCostsOneChunk() throws IOException {
        Store first = open();
        for (int i = 0; i < 4; i++) {
            add(first, i * 10, i * 10 + 10);
            first.flush();
        }
        damage(only(".log"));
    }

    @Test
    void inASegmentToo() throws IOException {
        Store first = Store.open(directory, new Store.Limits(1, Long.MAX_VALUE));
        add(first, 0, 40);
        first.flush();
        assertThat(first.sort()).isTrue();
        damage(only(".seg"));
    }

    private void damage(Path file) throws IOException {
        byte[] good = Files.readAllBytes(file);
        long commitEnd = open().flushed();
        int told = 0;
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            Store store = open();
            List<Integer> a = values(store, A);
            List<Integer> b = values(store, B);
            List<Integer> missing =
                    new ArrayList<>(IntStream.range(0, 40).boxed().toList());
            missing.removeAll(a);
            missing.removeAll(b);
            assertThat(a).as("byte %d", at).isSorted().doesNotHaveDuplicates();
            if (store.cursor() == commitEnd) {
                assertThat(missing.size()).as("byte %d", at).isIn(0, 5, 20);
                assertThat(store.damaged()).as("byte %d", at).isGreaterThan(missing.isEmpty() ? -1 : 0);
            } else {
                assertThat(missing).as("byte %d", at).allMatch(n -> n > store.cursor());
            }
            told += store.damaged() > 0 ? 1 : 0;
            // The log is cut behind its last good commit when it is opened.
            Files.write(file, good);
        }
        assertThat(told).isGreaterThan(good.length / 2);
    }

    @Test
    void sortingChangesNothingButTheFiles() throws IOException {
        Store store = Store.open(directory, new Store.Limits(Long.MAX_VALUE, 1_000 * SECOND));
        for (int i = 0; i < 250; i++) {
            add(store, i * 100, i * 100 + 100);
            store.flush();
            if (i % 3 == 0) {
                store.sort();
            }
        }
        while (store.sort()) {
            assertThat(values(store, A)).isEqualTo(every2nd(0, 25_000));
        }
        assertThat(values(store, B)).isEqualTo(every2nd(1, 25_000));
        Store again = open();
        assertThat(again.cursor()).isEqualTo(24_999);
        assertThat(again.kept()).isEqualTo(25_000);
        assertThat(values(again, B, second(7_001), second(7_010))).containsExactly(7_001, 7_003, 7_005, 7_007, 7_009);
        assertThat(again.before(A, second(12_345)).map(StoreTest::number)).contains(12_344);
        assertThat(Files.exists(directory.resolve("0000000001.log"))).isFalse();
    }

    /** The process ended between the renaming of the segment and the removal of the log. */
    @Test
    void aLogThatWasSortedIsNotReadTwice() throws IOException {
        Store store = Store.open(directory, new Store.Limits(1, 1));
        add(store, 0, 10);
        store.flush();
        Path log = only(".log");
        byte[] before = Files.readAllBytes(log);
        store.sort();
        Files.write(log, before);
        Files.write(directory.resolve("0000000002.tmp"), new byte[10]);
        Store again = open();
        assertThat(values(again, A)).isEqualTo(every2nd(0, 10));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("0000000001.seg"));
        }
    }

    @Test
    void theOldestIsRemovedByAgeAndBySize() throws IOException {
        Store store = Store.open(directory, new Store.Limits(Long.MAX_VALUE, 99 * SECOND));
        for (int i = 0; i < 10; i++) {
            add(store, i * 100, i * 100 + 100);
            store.flush();
            store.sort();
        }
        store.prune(BEGIN + 250 * SECOND, Long.MAX_VALUE);
        assertThat(values(store, A)).isEqualTo(every2nd(200, 1_000));
        long part = store.bytes() / 8;
        store.prune(0, 4 * part + part / 2);
        assertThat(values(store, A)).hasSizeBetween(200, 200).startsWith(600);
        store.prune(Long.MAX_VALUE, 0);
        assertThat(values(store, A)).isEqualTo(every2nd(900, 1_000));
        assertThat(open().cursor()).isEqualTo(999);
    }

    /** Readers see each state once, in order, while it moves from memory to a log, and from there to a segment. */
    @Test
    void aReaderIsNotDisturbedByWritingAndSorting() throws Exception {
        Store store = Store.open(directory, new Store.Limits(Long.MAX_VALUE, 2_000 * SECOND));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        List<Integer> counts = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try {
                while (!done.get()) {
                    int[] next = {0};
                    store.read(A, Instant.MIN, EVER, state -> {
                        assertThat(number(state)).isEqualTo(next[0]);
                        next[0] += 2;
                        return true;
                    });
                    counts.add(next[0]);
                }
            } catch (Throwable e) {
                wrong.set(e);
            }
        });
        reader.start();
        for (int i = 0; i < 2_000; i++) {
            add(store, i * 20, i * 20 + 20);
            if (i % 7 == 0) {
                store.flush();
            }
            if (i % 50 == 0) {
                store.sort();
            }
        }
        done.set(true);
        reader.join();
        assertThat(wrong.get()).isNull();
        assertThat(counts).isNotEmpty();
        assertThat(values(store, A)).hasSize(20_000);
    }
}
