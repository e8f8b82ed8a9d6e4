package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.fieldhouse.benchmarks.proof.Plant.Answer;
import org.fieldhouse.benchmarks.proof.Plant.Killed;
import org.fieldhouse.benchmarks.proof.Plant.Said;
import org.fieldhouse.store.sqlite.SqliteStore;

/** Lives in processes of their own that end with SIGKILL at any instant, one in ten of them before they are up. */
final class KilledLives implements Day.Lives {
    private static final long START_NANOS = 1_500_000_000;

    private final RuleSet rules;
    private final Path folder;
    private final Random random;
    private final int steps;
    private final int mostSeconds;
    private final Remains remains;
    private long now;
    private int left;

    /** @param steps from one death to the next, on the average */
    KilledLives(RuleSet rules, Path folder, long seed, int steps, int mostSeconds) throws IOException {
        this.rules = rules;
        this.folder = folder;
        this.random = new Random(seed * 31);
        this.steps = steps;
        this.mostSeconds = mostSeconds;
        Day.clear(folder);
        Files.createDirectories(folder);
        remains = new Remains(folder);
    }

    @Override
    public Plant start(long micros) throws Killed, IOException {
        now = micros;
        left = 1 + random.nextInt(2 * steps);
        boolean early = random.nextInt(10) == 0;
        return new Doomed(new ChildPlant(folder, micros, early ? random.nextLong(START_NANOS) : 0));
    }

    /** Is killed in the last of its steps, or soon after. */
    private final class Doomed implements Plant {
        private final ChildPlant child;

        Doomed(ChildPlant child) {
            this.child = child;
        }

        @Override
        public long known() {
            return child.known();
        }

        @Override
        public long nextWake() {
            return child.nextWake();
        }

        @Override
        public Answer step(long micros, List<Said> said) throws Killed {
            now = micros;
            if (--left == 0) {
                child.killAfter(random.nextInt(6_000_000));
            }
            return child.step(micros, said);
        }

        @Override
        public void close() {
            child.close();
        }
    }

    @Override
    public long fell() throws IOException {
        long down = mostSeconds == 0 ? 0 : random.nextInt(mostSeconds) * 1_000_000L;
        remains.keep(folder, "a process, down for " + down / 1_000_000 + " s");
        return down;
    }

    @Override
    public Remains remains() {
        return remains;
    }

    @Override
    public Day.Rest end(Plant last) throws IOException {
        last.close();
        try (SqliteStore store = new SqliteStore(folder, Clock.systemUTC());
                LocalPlant plant = new LocalPlant(rules, store, () -> false, now, asked -> {})) {
            return new Day.Rest(plant.events(), plant.standings(), 0);
        } catch (Killed e) {
            throw new IllegalStateException("nobody kills this one", e);
        }
    }
}
