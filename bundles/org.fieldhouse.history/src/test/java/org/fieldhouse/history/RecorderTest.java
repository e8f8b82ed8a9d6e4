package org.fieldhouse.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.history.Recorder.Settings;
import org.fieldhouse.history.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final PointId POINT = PointId.of("meter", "power");

    @TempDir
    Path directory;

    private final FakeJournal journal = new FakeJournal();
    private Duration every = Duration.ofHours(1);
    private long memory = 1 << 20;

    private HistoryComponent start() {
        Settings settings = new Settings(Duration.ofDays(400), 1L << 30, every, memory, false, Duration.ofDays(7));
        return new HistoryComponent(
                directory.resolve("history"),
                journal,
                settings,
                new Store.Limits(20_000, Long.MAX_VALUE),
                Clock.systemUTC());
    }

    private static List<Integer> values(HistoryComponent history) {
        List<Integer> values = new ArrayList<>();
        try {
            history.read(POINT, Instant.MIN, Instant.MAX, state -> values.add(number(state)));
        } catch (StoreException e) {
            return List.of();
        }
        return values;
    }

    private static int number(PastState state) {
        return (int) ((Quantity) java.util.Objects.requireNonNull(state.value())).number();
    }

    private void awaitAll(HistoryComponent history, int count) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(values(history))
                .isEqualTo(IntStream.range(0, count).boxed().toList()));
    }

    /** Ends in every way, again and again: what the journal has is there, once. */
    @Test
    void nothingIsLostAndNothingTwiceOverRestarts() throws IOException {
        int said = 0;
        for (int life = 0; life < 12; life++) {
            for (int i = 0; i < 3_000; i++) {
                journal.report(POINT, said++);
            }
            every = life % 3 == 0 ? Duration.ofMillis(1) : Duration.ofHours(1);
            HistoryComponent history = start();
            journal.report(POINT, said++);
            if (life % 2 == 0) {
                awaitAll(history, said);
                history.close();
            } else {
                long some = 1_000L * life / 4;
                await().until(() -> history.status().recorded() > some);
                Path asKilled = directory.resolve("killed-" + life);
                copy(directory.resolve("history"), asKilled);
                history.close();
                Files.move(directory.resolve("history"), directory.resolve("ended-" + life));
                Files.move(asKilled, directory.resolve("history"));
            }
        }
        HistoryComponent history = start();
        awaitAll(history, said);
        assertThat(history.status().damaged()).isZero();
        history.close();
        assertThat(journal.retained).isEqualTo(Long.MAX_VALUE);
    }

    /** What a process that is killed now leaves: files in the middle of being written. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = all.sorted().toList();
        }
        try {
            for (Path each : files) {
                Files.copy(each, to.resolve(each.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (NoSuchFileException e) {
            copy(from, to); // a log was sorted meanwhile; the segment is there before the log goes
        }
    }

    @Test
    void theJournalWaitsForWhatIsNotOnDisk() {
        for (int i = 0; i < 10; i++) {
            journal.report(POINT, i);
        }
        HistoryComponent history = start();
        awaitAll(history, 10);
        assertThat(journal.retained).isEqualTo(1);
        assertThat(history.status().waiting()).isEqualTo(10);
        history.close();
        history = start();
        awaitAll(history, 10);
        assertThat(journal.retained).isEqualTo(11);
        history.close();
    }

    /** Memory is bounded while nothing can be written, the house is told, and everything is there afterwards. */
    @Test
    void aDiskThatFailsIsWaitedFor() throws IOException {
        memory = 16 << 10;
        Path place = directory.resolve("history");
        Files.writeString(place, "a file where the directory should be");
        HistoryComponent history = start();
        await().until(() -> history.status().failures() > 0);
        assertThat(history.execute().isOk()).isFalse();
        assertThat(history.execute().toString()).contains("cannot be kept");
        for (int i = 0; i < 50_000; i++) {
            journal.report(POINT, i);
        }
        Files.delete(place);
        await().atMost(Duration.ofSeconds(20)).until(() -> history.status().kept() > 0);
        awaitAll(history, 50_000);
        await().until(() -> history.execute().isOk());
        history.close();
    }

    /** In the middle of things: the log cannot be written for a while. */
    @Test
    void aWriteThatFailsIsDoneAgain() throws IOException {
        every = Duration.ofMillis(1);
        journal.report(POINT, 0);
        HistoryComponent history = start();
        await().until(() -> history.status().kept() == 1);
        Path log = directory.resolve("history/0000000001.log");
        Path aside = directory.resolve("aside");
        Files.move(log, aside);
        Files.createDirectory(log);
        for (int i = 1; i < 500; i++) {
            journal.report(POINT, i);
        }
        await().until(() -> history.status().failures() > 0);
        assertThat(history.status().trouble()).isNotEmpty();
        Files.delete(log);
        Files.move(aside, log);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> history.status().trouble().isEmpty());
        awaitAll(history, 500);
        history.close();
        HistoryComponent again = start();
        awaitAll(again, 500);
        again.close();
    }

    /** Somebody put another journal in the house: what is newer goes on being kept. */
    @Test
    void anotherJournalIsReadFromWhereTheHistoryEnds() {
        for (int i = 0; i < 100; i++) {
            journal.report(POINT, i);
        }
        HistoryComponent history = start();
        awaitAll(history, 100);
        history.close();
        journal.beginAnew();
        for (int i = 100; i < 130; i++) {
            journal.report(POINT, i);
        }
        for (int life = 0; life < 3; life++) {
            every = life == 1 ? Duration.ofMillis(1) : Duration.ofHours(1);
            history = start();
            awaitAll(history, 130 + life);
            if (life == 1) {
                HistoryComponent writing = history;
                await().until(() -> writing.status().waiting() == 0);
            }
            history.close();
            journal.report(POINT, 130 + life);
        }
    }

    @Test
    void timesWithoutTheHouseAreNotKnown() throws StoreException {
        Instant begin = Instant.parse("2026-09-27T10:00:00Z");
        journal.at(begin).report(POINT, 7);
        journal.at(begin.plusSeconds(1_800))
                .add(new Fact.RuntimeStarted((begin.getEpochSecond() + 900) * 1_000_000, false));
        journal.at(begin.plusSeconds(2_700)).report(POINT, 9);
        journal.at(begin.plusSeconds(3_600)).add(new Fact.DeviceAdded(new DeviceId("x"), "X"));
        HistoryComponent history = start();
        await().until(() -> history.status().cursor() == 4);
        List<Aggregate> hour = history.aggregates(POINT, List.of(begin, begin.plusSeconds(3_600)));
        assertThat(hour.get(0).known()).isEqualTo(0.75);
        assertThat(hour.get(0).mean()).isEqualTo((7 * 900 + 7 * 900 + 9 * 900) / 2_700.0);
        assertThat(history.before(POINT, begin.plusSeconds(2_000)).map(RecorderTest::number))
                .contains(7);
        history.close();
    }

    @Test
    void onlyChangesAreKept() {
        journal.report(POINT, 0);
        journal.add(new Fact.StateReported(POINT, FakeJournal.state(0, 5)));
        journal.report(POINT, 1);
        HistoryComponent history = start();
        awaitAll(history, 2);
        assertThat(values(history)).containsExactly(0, 1);
        history.close();
    }

    @Test
    void questionsThatMakeNoSenseAreRefused() {
        HistoryComponent history = start();
        Instant now = Instant.now();
        for (List<Instant> edges : List.of(List.of(now), List.of(now, now), List.<Instant>of())) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> history.aggregates(POINT, edges))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Quality.values()).hasSizeLessThanOrEqualTo(8);
        history.close();
    }
}
