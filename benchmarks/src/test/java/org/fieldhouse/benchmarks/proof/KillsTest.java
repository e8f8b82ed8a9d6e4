package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.fieldhouse.api.store.JournalStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days on which the runtime is killed in the middle of writes to its files: what it does is what it would have done. */
class KillsTest {
    @TempDir
    Path folder;

    private final RuleSet rules = RuleSet.of(RuleSet.resource("day.rules"));

    @Test
    void upAgainAtOnce() throws IOException {
        Kills kills = new Kills(folder);
        kills.day(2, 0, 12);
        assertThat(kills.wrong()).isEmpty();
        assertThat(kills.kills()).isGreaterThan(3);
    }

    @Test
    void downForUpToTwoHours() throws IOException {
        Kills kills = new Kills(folder);
        kills.day(3, 7_200, 12);
        assertThat(kills.wrong()).isEmpty();
        assertThat(kills.kills()).isGreaterThan(3);
    }

    @Test
    @Tag("slow")
    void aProcessThatIsKilled() throws IOException {
        Kills kills = new Kills(folder);
        kills.processes(4, 0, 3);
        assertThat(kills.wrong()).isEmpty();
        assertThat(kills.kills()).isPositive();
    }

    @Test
    @Tag("slow")
    void aHundredProcessesThatAreKilled() throws IOException {
        Kills kills = new Kills(folder);
        for (int seed = 6; kills.kills() < 100; seed++) {
            kills.processes(seed, seed % 2 == 0 ? 0 : 7_200, 50);
        }
        assertThat(kills.wrong()).isEmpty();
    }

    /** Negative control: a store that loses the engine's snapshots. */
    @Test
    void aStoreThatForgetsTheEngineIsCaught() throws IOException {
        List<String> wrong = wrong(store -> lying(store, "snapshots", List.of()));
        assertThat(wrong).isNotEmpty();
    }

    /** Negative control: a store that says it has written what it has not. */
    @Test
    void aStoreThatLosesWhatItWasGivenIsCaught() throws IOException {
        int[] blocks = {0};
        UnaryOperator<JournalStore> losing = store -> proxy(store, (name, args) -> {
            if (name.equals("append") && ++blocks[0] % 40 == 0 && !((List<?>) args[0]).isEmpty()) {
                List<?> all = (List<?>) args[0];
                args[0] = all.subList(0, all.size() - 1);
            }
            return null;
        });
        assertThat(wrong(losing)).isNotEmpty();
    }

    private List<String> wrong(UnaryOperator<JournalStore> between) throws IOException {
        Day.Outcome whole =
                new Day(rules, 2, new TornLives(rules, folder.resolve("whole"), 2, 0, 0, store -> store)).run();
        TornLives lives = new TornLives(rules, folder.resolve("killed"), 2, whole.writes() / 12, 0, between);
        Day.Outcome killed = new Day(rules, 2, lives).run();
        List<String> wrong = new ArrayList<>(Audit.differences(rules, killed.events()));
        wrong.addAll(Policy.broken(killed.events()));
        if (!whole.told().equals(killed.told())) {
            wrong.add("told otherwise");
        }
        return wrong;
    }

    private interface Lie {
        Object tell(String method, Object[] args);
    }

    private static JournalStore lying(JournalStore store, String method, Object answer) {
        return proxy(store, (name, args) -> name.equals(method) && args[0].equals("rules.engine") ? answer : null);
    }

    private static JournalStore proxy(JournalStore store, Lie lie) {
        return (JournalStore) Proxy.newProxyInstance(
                JournalStore.class.getClassLoader(), new Class<?>[] {JournalStore.class}, (proxy, method, args) -> {
                    Object told = lie.tell(method.getName(), args == null ? new Object[0] : args);
                    try {
                        return told != null ? told : method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
