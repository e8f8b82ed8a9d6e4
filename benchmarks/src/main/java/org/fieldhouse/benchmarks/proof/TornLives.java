package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.benchmarks.proof.Plant.Killed;

/** Lives in this process that end in the middle of a write. */
final class TornLives implements Day.Lives {
    private final RuleSet rules;
    private final Path folder;
    private final Random random;
    private final long mean;
    private final int mostSeconds;
    private final UnaryOperator<JournalStore> between;
    private final Remains remains;
    private TornStore store;
    private long writes;

    /**
     * @param mean writes from one death to the next, on the average; 0 for a life that does not end
     * @param mostSeconds that it is down then; 0 to be up again at once
     * @param between put between the runtime and its store; a test puts a store there that lies
     */
    TornLives(RuleSet rules, Path folder, long seed, long mean, int mostSeconds, UnaryOperator<JournalStore> between)
            throws IOException {
        this.rules = rules;
        this.folder = folder;
        this.random = new Random(seed * 31);
        this.mean = mean;
        this.mostSeconds = mostSeconds;
        this.between = between;
        Day.clear(folder);
        Files.createDirectories(folder);
        remains = new Remains(folder);
        store = store();
    }

    private TornStore store() {
        return new TornStore(folder, mean == 0 ? 0 : 1 + random.nextLong(2 * mean), random);
    }

    @Override
    public Plant start(long micros) throws Killed {
        TornStore used = store;
        return new LocalPlant(rules, between.apply(used), used::isDead, micros, asked -> {});
    }

    @Override
    public long fell() throws IOException {
        writes += store.writes();
        store.close();
        store.leave();
        long down = mostSeconds == 0 ? 0 : random.nextInt(mostSeconds) * 1_000_000L;
        remains.keep(folder, store.death() + ", down for " + down / 1_000_000 + " s");
        store = store();
        return down;
    }

    @Override
    public Remains remains() {
        return remains;
    }

    @Override
    public Day.Rest end(Plant last) {
        LocalPlant plant = (LocalPlant) last;
        writes += store.writes();
        Day.Rest rest = new Day.Rest(plant.events(), plant.standings(), writes);
        plant.close();
        store.close();
        return rest;
    }
}
