package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who writes in the middle of a burst lets others add to it; with a clock that the test moves, and offers that it answers. */
class PacketSinkBurstTest {
    private static final long BURST = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int MAX_PENDING = 256 << 10;

    private final Wire wire = new Wire();
    private long now = 1_000_000;
    private int offers;
    private Step duringOffer = () -> {};
    private final PacketSink sink =
            new PacketSink(wire, new Handshakes(new SessionMemory(), false), null, () -> now, this::offered);

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** Keeps each write by itself. */
    private static final class Wire extends OutputStream {
        final List<String> writes = new ArrayList<>();

        @Nullable
        IOException fault;

        boolean closed;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            if (fault != null) {
                throw fault;
            }
            writes.add(new String(b, off, len, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private void offered() {
        offers++;
        try {
            duringOffer.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] packet(String payload) {
        return PacketSink.packet("t", payload.getBytes(StandardCharsets.ISO_8859_1), false, false);
    }

    private static String text(String... payloads) {
        StringBuilder all = new StringBuilder();
        for (String payload : payloads) {
            all.append(new String(packet(payload), StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    /** By another thread, as somebody who was offered the processor. */
    private void publishElsewhere(String... payloads) throws Exception {
        Thread other = new Thread(() -> {
            for (String payload : payloads) {
                try {
                    assertThat(sink.publish(packet(payload), 0)).isTrue();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        other.start();
        other.join();
    }

    @Test
    void whatComesAloneLeavesAtOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            sink.publish(packet("x"), 0);
            now += BURST;
        }
        assertThat(wire.writes).containsExactly(text("x"), text("x"), text("x"));
        assertThat(offers).isZero();

        now--;
        sink.publish(packet("x"), 0);
        assertThat(wire.writes).hasSize(4);
        assertThat(offers).isEqualTo(1);
    }

    @Test
    void whatOthersAddGoesInOneWriteAndInOrder() throws Exception {
        sink.publish(packet("1"), 0);
        duringOffer = () -> {
            publishElsewhere("3", "4");
            publishElsewhere("5");
            // They are held: that they are on the wire afterwards is this burst's doing.
            assertThat(wire.writes).containsExactly(text("1"));
        };
        sink.publish(packet("2"), 0);
        assertThat(wire.writes).containsExactly(text("1"), text("2", "3", "4", "5"));
        assertThat(offers).isEqualTo(1);
    }

    @Test
    void largePacketsAreNotHeld() throws Exception {
        sink.publish(packet("1"), 0);
        String large = "x".repeat(5_000);
        sink.publish(packet(large), 0);
        assertThat(wire.writes).containsExactly(text("1"), text(large));
        assertThat(offers).isZero();
    }

    @Test
    void whatIsHeldIsBounded() throws Exception {
        String payload = "x".repeat(1_000);
        int size = packet(payload).length;
        int[] taken = {0};
        duringOffer = () -> {
            while (sink.publish(packet(payload), 0)) {
                taken[0]++;
            }
        };
        sink.publish(packet(payload), 0);
        sink.publish(packet(payload), 0);
        assertThat(taken[0]).isEqualTo(MAX_PENDING / size - 1);
        assertThat(wire.writes).hasSize(2);
        assertThat(wire.writes.get(1)).hasSize((taken[0] + 1) * size);

        duringOffer = () -> {};
        assertThat(sink.publish(packet("y"), 0)).isTrue();
        assertThat(wire.writes).last().isEqualTo(text("y"));
    }

    @Test
    void pahoWaitsForTheEndOfABurst() throws Exception {
        byte[] ping = {(byte) 0xc0, 0};
        Thread paho = new Thread(() -> {
            try {
                sink.write(ping, 0, ping.length);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        sink.publish(packet("1"), 0);
        duringOffer = () -> {
            paho.start();
            await().until(() -> paho.getState() == Thread.State.WAITING);
            publishElsewhere("3");
        };
        sink.publish(packet("2"), 0);
        paho.join();
        assertThat(wire.writes)
                .containsExactly(text("1"), text("2", "3"), new String(ping, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aConnectionThatBreaksInABurstFailsTheWriterAndWhoeverComesAfter() throws Exception {
        sink.publish(packet("1"), 0);
        duringOffer = () -> {
            publishElsewhere("3");
            wire.fault = new IOException("reset");
        };
        assertThatThrownBy(() -> sink.publish(packet("2"), 0)).hasMessage("reset");
        assertThat(wire.closed).isTrue();
        now += BURST;
        assertThatThrownBy(() -> sink.publish(packet("4"), 0)).hasMessage("reset");

        // Nothing of what was held is left for a later write.
        wire.fault = null;
        now += BURST;
        sink.publish(packet("5"), 0);
        assertThat(wire.writes).containsExactly(text("1"), text("5"));
    }
}
