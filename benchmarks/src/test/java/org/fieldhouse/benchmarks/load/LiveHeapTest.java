package org.fieldhouse.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LiveHeapTest {
    private static final class Kept {
        final byte[] bytes = new byte[3 << 20];
    }

    @Test
    void seesWhatIsKeptAndNotWhatIsGarbage() throws IOException {
        long self = ProcessHandle.current().pid();
        LiveHeap before = LiveHeap.of(self);
        int garbage = 0;
        for (int i = 0; i < 100; i++) {
            garbage += new byte[1 << 20].length;
        }
        Kept kept = new Kept();

        LiveHeap after = LiveHeap.of(self);

        assertThat(after.bytes() - before.bytes()).isBetween(5L << 19, 4L << 20);
        assertThat(after.classes()).containsKey(Kept.class.getName());
        assertThat(after.grownSince(before, 1)).singleElement().asString().endsWith("[B");
        assertThat(garbage + kept.bytes.length).isEqualTo(103 << 20);
    }

    @Test
    void addsUpClassesOfOneNameFromSeveralLoaders() throws IOException {
        LiveHeap heap = LiveHeap.parse(
                """
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:          3000         240000  [B (java.base@17.0.11)
                   2:             2             64  a.B
                   3:             1             32  a.B
                Total          3003         240096
                """);

        assertThat(heap.bytes()).isEqualTo(240_096);
        assertThat(heap.classes()).containsEntry("a.B", 96L);
    }

    @Test
    void takesTheLambdasOfTwoVersionsForOneClass() throws IOException {
        LiveHeap before = LiveHeap.parse("   1:  10  160  a.B$$Lambda$1428/0x00007f16d94ae178");
        LiveHeap after =
                LiveHeap.parse("   1:  10  160  a.B$$Lambda$3454/0x00007f847939f630\n   2:  1  16  a.C$$Lambda/0x7f");

        assertThat(after.grownSince(before, 9)).singleElement().asString().endsWith("a.C$$Lambda");
    }

    @Test
    void saysWhatJcmdSaid() {
        assertThatThrownBy(() -> LiveHeap.parse("1: No such process"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such process");
    }
}
