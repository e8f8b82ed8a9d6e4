package org.fieldhouse.serial.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRingTest {
    /** Against the JDK's queue, over the seam many times. */
    @Test
    void keepsOrderOverTheSeam() {
        Random random = new Random(7);
        ByteRing ring = new ByteRing(13);
        Deque<Byte> expected = new ArrayDeque<>();
        byte next = 0;
        for (int step = 0; step < 10_000; step++) {
            byte[] some = new byte[random.nextInt(6)];
            switch (random.nextInt(3)) {
                case 0 -> {
                    int count = Math.min(some.length, ring.space());
                    for (int i = 0; i < count; i++) {
                        some[i] = next++;
                        expected.addLast(some[i]);
                    }
                    ring.put(some, count);
                }
                case 1 -> {
                    for (int i = 0; i < some.length; i++) {
                        some[i] = next++;
                    }
                    for (int i = Math.min(some.length, ring.space()) - 1; i >= 0; i--) {
                        expected.addFirst(some[i]);
                    }
                    ring.putFirst(some, some.length);
                }
                default -> {
                    int count = ring.take(some);
                    assertThat(count).isEqualTo(Math.min(some.length, expected.size()));
                    for (int i = 0; i < count; i++) {
                        assertThat(some[i]).isEqualTo(expected.removeFirst());
                    }
                }
            }
            assertThat(ring.size()).isEqualTo(expected.size());
        }
    }
}
