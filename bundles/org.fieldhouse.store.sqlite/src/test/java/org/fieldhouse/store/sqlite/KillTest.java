package org.fieldhouse.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed at any instant, again and again on the same file: it opens every time, everything acknowledged is there,
 * at most about the last commit interval is missing, no number is used twice, and the states are those of the journal.
 */
class KillTest {
    /** What may be missing, mostly: the commit interval (20 ms) and the commit that was running; 31 ms were seen at a load of 16. */
    private static final long USUAL_MICROS = 250_000;

    /** And at most: a disk that hangs holds the bus for two seconds only. 1.1 s were seen. */
    private static final long MOST_MICROS = 3_000_000;

    @TempDir
    Path directory;

    private final Random random = new Random(20_260_101);
    private final Set<Long> acknowledged = new HashSet<>();
    private final List<Long> missing = new ArrayList<>();
    private long highestSeen;
    private long lastSeenMicros;

    @Test
    void threeKills() throws Exception {
        kill(3);
    }

    @Test
    @Tag("slow")
    void aHundredKills() throws Exception {
        kill(100);
    }

    private void kill(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            long before = highestSeen;
            long first = runAndKill();
            assertThat(first).as("numbers of run %s", i).isGreaterThan(before);
            check();
        }
        assertThat(missing).allSatisfy(micros -> assertThat(micros).isLessThan(MOST_MICROS));
        long usual =
                missing.stream().sorted().skip(missing.size() / 2).findFirst().orElse(0L);
        assertThat(usual).isLessThan(USUAL_MICROS);
    }

    private long runAndKill() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillChild.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int lines = 1 + random.nextInt(60);
        long first = 0;
        int seen = 0;
        try (BufferedReader reader = child.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] words = line.split(" ");
                if (words.length < 2 || words[0].equals("seen") && words.length < 3) {
                    break; // cut off in the middle
                }
                switch (words[0]) {
                    case "first" -> first = Long.parseLong(words[1]);
                    case "seen" -> {
                        highestSeen = Math.max(highestSeen, Long.parseLong(words[1]));
                        lastSeenMicros = Long.parseLong(words[2]);
                    }
                    default -> acknowledged.add(Long.parseLong(words[1]));
                }
                if (++seen == lines) {
                    child.toHandle().destroyForcibly();
                }
            }
        } catch (NumberFormatException e) {
            assertThat(seen).as("only the last line may be cut off").isGreaterThanOrEqualTo(lines);
        } finally {
            child.toHandle().destroyForcibly();
        }
        child.waitFor();
        return first;
    }

    private void check() throws Exception {
        try (SqliteStore store = new SqliteStore(directory, Clock.systemUTC())) {
            assertThat(store.unreadable()).isZero();
            Bus bus = new Bus(BusSettings.DEFAULT, store, Clock.systemUTC(), System::nanoTime);
            long first = bus.firstSequence();
            assertThat(first).isGreaterThan(highestSeen);
            highestSeen = Math.max(highestSeen, first + 1);
            assertThat(((RuntimeStarted) bus.event(first).orElseThrow().fact()).clean())
                    .isFalse();
            List<Event> events = new ArrayList<>();
            bus.read(0, event -> event.sequence() >= first || events.add(event));
            Set<Long> numbers = new HashSet<>();
            Map<PointId, State> states = new HashMap<>();
            for (Event event : events) {
                assertThat(numbers.add(event.sequence())).isTrue();
                if (event.fact() instanceof StateChanged change) {
                    states.put(change.point(), change.after());
                } else if (event.fact() instanceof StateReported report) {
                    states.put(report.point(), report.state());
                }
            }
            assertThat(numbers).containsAll(acknowledged);
            if (!events.isEmpty()) {
                missing.add(lastSeenMicros - events.get(events.size() - 1).timeMicros());
            }
            states.forEach((point, state) -> assertThat(bus.state(point)).isEqualTo(state));
            bus.stop();
        }
        // The clean stop's numbers follow directly; the next run is the child's again.
        acknowledged.clear();
    }
}
