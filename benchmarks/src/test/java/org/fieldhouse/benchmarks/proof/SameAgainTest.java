package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.event.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same journal gives the same bytes: without it neither recovery nor back-tests nor {@code why} could be believed. */
class SameAgainTest {
    @Test
    void inThisProcess() {
        assertThat(SameAgain.repeat(SameAgain::run, 20)).matches("\\d{3,} outputs \\w{64}");
    }

    @Test
    @Tag("slow")
    void inProcessesThatDifferInAllThatMustNotCount() throws Exception {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        homes.addAll(SameAgain.otherJavas());
        assertThat(SameAgain.processes(homes, 5)).hasSize(1).allMatch(hash -> hash.startsWith("hash "));
    }

    @Test
    @Tag("slow")
    void aThousandTimesWithEachJava() throws Exception {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        homes.addAll(SameAgain.otherJavas());
        assertThat(SameAgain.processes(homes, 1_000)).hasSize(1).allMatch(hash -> hash.startsWith("hash "));
    }

    /** Negative control: an engine that takes in two events of one course in another order is caught. */
    @Test
    void anEngineThatIsNotTheSameIsCaught() {
        AtomicInteger runs = new AtomicInteger();
        SameAgain.Run broken = (rules, events) -> {
            List<Event> taken = new ArrayList<>(events);
            if (runs.incrementAndGet() == 3) {
                Collections.rotate(taken.subList(500, 504), 1);
            }
            return SameAgain.run(rules, taken);
        };
        assertThatThrownBy(() -> SameAgain.repeat(broken, 4)).hasMessageStartingWith("run 2 gave");
    }
}
