package org.fieldhouse.webconsole.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final AttemptLimit limit = new AttemptLimit(nanos::get);

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            Duration wait = limit.begin(address);
            nanos.addAndGet(wait.toNanos());
            if (!wait.isZero()) {
                assertThat(limit.begin(address)).isZero();
            }
        }
    }

    @Test
    void theDelayDoublesUpToFiveMinutes() {
        fail("a", AttemptLimit.FREE);
        assertThat(limit.begin("a")).isEqualTo(Duration.ofSeconds(1));
        assertThat(limit.begin("a"))
                .as("an attempt that may not be made does not count")
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(limit.begin("b")).isZero();
        fail("a", 1);
        assertThat(limit.begin("a")).isEqualTo(Duration.ofSeconds(2));
        fail("a", 20);
        assertThat(limit.begin("a")).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void manyAddressesTogetherWaitAsWell() {
        for (int i = 0; i < AttemptLimit.FREE_TOGETHER; i++) {
            assertThat(limit.begin("10.0.0." + i)).isZero();
        }
        assertThat(limit.begin("10.0.1.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoSucceedsBeginsAnewAndAnHourForgetsAll() {
        fail("a", AttemptLimit.FREE);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limit.begin("a")).isZero();
        limit.succeeded("a");
        assertThat(limit.begin("a")).isZero();
        fail("b", AttemptLimit.FREE + 3);
        nanos.addAndGet(Duration.ofMinutes(61).toNanos());
        assertThat(limit.begin("b")).isZero();
        assertThat(limit.begin("b")).isZero();
    }
}
