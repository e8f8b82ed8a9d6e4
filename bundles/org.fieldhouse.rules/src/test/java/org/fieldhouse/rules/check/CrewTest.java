package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrewTest {
    private static final List<Integer> NUMBERS =
            IntStream.range(0, 1_000).boxed().toList();

    private static Crew crew(boolean alone) {
        return alone ? Crew.ALONE : Crew.ofCores();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resultsKeepTheirOrder(boolean alone) {
        assertThat(crew(alone).map(NUMBERS, number -> number * 2))
                .isEqualTo(NUMBERS.stream().map(number -> number * 2).toList());
        assertThat(crew(alone).map(List.<Integer>of(), number -> number)).isEmpty();
    }

    /** What one part throws must not leave others at work behind the caller's back. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsThrownIsThrownWhenAllHasEnded(boolean alone) {
        AtomicInteger ended = new AtomicInteger();
        assertThatThrownBy(() -> crew(alone).map(NUMBERS, number -> {
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
        List<Boolean> met = Crew.ofCores().map(List.of(1, 2), number -> {
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
