package org.fieldhouse.runtime.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.api.Test;

class HeadroomTest {
    private static final long MB = 1 << 20;

    /** With 87 MB of old generation, as a house with 128 MB has it. */
    private static boolean isDue(long classesMb, long usedMb, long liveMb) {
        return Headroom.isDue(classesMb * MB, new MemoryUsage(0, usedMb * MB, 87 * MB, 87 * MB), liveMb * MB);
    }

    @Test
    void classesOfVersionsThatLeftAreCollected() {
        assertThat(isDue(8, 40, 40)).isFalse();
        assertThat(isDue(9, 40, 40)).isTrue();
    }

    @Test
    void whatVersionsLeftInTheOldGenerationIsCollected() {
        assertThat(isDue(0, 69, 40)).isFalse();
        assertThat(isDue(0, 70, 40)).isTrue();
    }

    /** A house that fills its heap with what it needs gains nothing by a pause at each update. */
    @Test
    void whatIsNeededIsNot() {
        assertThat(isDue(0, 80, 75)).isFalse();
    }
}
