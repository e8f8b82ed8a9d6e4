package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitTest {
    /** A JVM with ExitOnOutOfMemoryError ends with 3, and nobody could tell it from a code of ours. */
    @Test
    void threeIsLeftToTheJvm() {
        assertThat(Exit.values())
                .extracting(exit -> exit.code)
                .doesNotHaveDuplicates()
                .doesNotContain(3);
    }
}
