package org.fieldhouse.rules.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fieldhouse.rules.check.Crew;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static final List<Integer> NUMBERS =
            IntStream.range(0, 1_000).boxed().toList();
    private static final Crew CORES = new Cores();

    @Test
    void resultsKeepTheirOrder() {
        assertThat(CORES.map(NUMBERS, number -> number * 2))
                .isEqualTo(NUMBERS.stream().map(number -> number * 2).toList());
        assertThat(CORES.map(List.<Integer>of(), number -> number)).isEmpty();
    }

    /** What one part throws must not leave others at work behind the caller's back. */
    @Test
    void whatIsThrownIsThrownWhenAllHasEnded() {
        AtomicInteger ended = new AtomicInteger();
        assertThatThrownBy(() -> CORES.map(NUMBERS, number -> {
                    ended.incrementAndGet();
                    if (number == 7) {
                        throw new IllegalArgumentException("seven");
                    }
                    return number;
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seven");
        assertThat(ended).hasValue(1_000);
    }

    @Test
    void theWorkIsShared() {
        CountDownLatch both = new CountDownLatch(2);
        int cores = Runtime.getRuntime().availableProcessors();
        List<Boolean> met = CORES.map(List.of(1, 2), number -> {
            both.countDown();
            try {
                return cores < 2 || both.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(met).containsExactly(true, true);
    }
}
