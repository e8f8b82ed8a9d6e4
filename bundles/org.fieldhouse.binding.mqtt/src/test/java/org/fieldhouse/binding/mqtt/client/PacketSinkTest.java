package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that pass Paho by: whole, between Paho's own, in order; and read back the same way. */
class PacketSinkTest {
    /** SUBSCRIBE of 7 bytes: MQTT 3.1.1 section 3.8, identifier 1, filter "a", QoS 0. */
    private static final byte[] SUBSCRIBE = {(byte) 0x82, 6, 0, 1, 0, 1, 'a', 0};

    /** Hands out at most so many bytes at once. */
    private static InputStream inPieces(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, most));
            }
        };
    }

    private static byte[] readAll(byte[] wire, int piece, boolean properties, List<String> received)
            throws IOException {
        PacketGate gate = new PacketGate(
                inPieces(wire, piece),
                new PacketGate.Limits(1 << 20, properties, new byte[16]),
                (topic, payload, retained) -> received.add(topic + "=" + new String(payload) + (retained ? "!" : "")),
                () -> Long.MAX_VALUE,
                new Handshakes(new SessionMemory(), false));
        return gate.readAllBytes();
    }

    @ParameterizedTest
    @CsvSource({"1,false", "1,true", "3,false", "4096,true"})
    void qosZeroGoesToItsReceiverAndTheRestToPaho(int piece, boolean properties) throws Exception {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.write(PacketSink.packet("a/b", "1".getBytes(), false, properties));
        wire.write(SUBSCRIBE);
        wire.write(PacketSink.packet("ä", "2".getBytes(), true, properties));
        wire.write(PacketSink.packet("a", new byte[0], false, properties));
        List<String> received = new ArrayList<>();
        assertThat(readAll(wire.toByteArray(), piece, properties, received)).isEqualTo(SUBSCRIBE);
        assertThat(received).containsExactly("a/b=1", "ä=2!", "a=");
    }

    /** The lengths at which the header's number gets another byte, MQTT 3.1.1 table 2.4; and one beyond the buffer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 124, 125, 126, 16_379, 16_380, 16_381, 500_000})
    void anyLengthIsReadBack(int length) throws Exception {
        List<String> received = new ArrayList<>();
        byte[] packet = PacketSink.packet("t", "x".repeat(length).getBytes(), false, false);
        assertThat(readAll(packet, 1_000, false, received)).isEmpty();
        assertThat(received).containsExactly("t=" + "x".repeat(length));
    }

    @Test
    void whatIsMalformedIsPahosToJudge() throws Exception {
        byte[] noTopic = {0x30, 3, 0, 0, 'x'};
        byte[] topicBeyondTheEnd = {0x30, 3, 0, 9, 'x'};
        byte[] empty = {0x30, 0};
        for (byte[] packet : List.of(noTopic, topicBeyondTheEnd, empty)) {
            List<String> received = new ArrayList<>();
            assertThat(readAll(packet, 100, false, received)).isEqualTo(packet);
            assertThat(received).isEmpty();
        }
    }

    @Test
    void aPacketWaitsForTheEndOfPahosOwn() throws Exception {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        PacketSink sink = new PacketSink(wire, new Handshakes(new SessionMemory(), false), null);
        byte[] packet = PacketSink.packet("t", "x".getBytes(), false, false);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int cut = 1; cut < SUBSCRIBE.length; cut++) {
            sink.write(SUBSCRIBE, 0, cut);
            assertThat(sink.publish(packet, 0)).isTrue();
            sink.write(SUBSCRIBE, cut, SUBSCRIBE.length - cut);
            expected.write(SUBSCRIBE);
            expected.write(packet);
            assertThat(wire.toByteArray()).isEqualTo(expected.toByteArray());
        }
    }

    /** With a clock that stands, every packet but the first is part of a burst. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyThreadsAndPahoWriteWholePackets(boolean burst) throws Exception {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        Handshakes none = new Handshakes(new SessionMemory(), false);
        PacketSink sink =
                burst ? new PacketSink(wire, none, null, () -> 0, Thread::yield) : new PacketSink(wire, none, null);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String topic = "t" + t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    try {
                        sink.publish(
                                PacketSink.packet(topic, Integer.toString(i).getBytes(), false, false), 5_000);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (int i = 0; i < 2_000; i++) {
            for (byte b : SUBSCRIBE) {
                sink.write(b);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Map<String, Integer> next = new ConcurrentHashMap<>();
        List<String> received = new ArrayList<>();
        assertThat(readAll(wire.toByteArray(), 777, false, received)).hasSize(2_000 * SUBSCRIBE.length);
        assertThat(received).hasSize(8_000);
        received.forEach(r -> {
            String[] parts = r.split("=");
            assertThat(Integer.parseInt(parts[1])).isEqualTo(next.merge(parts[0], 1, Integer::sum) - 1);
        });
    }

    @Test
    void aBrokenConnectionIsClosedAndSaid() {
        boolean[] closed = {false};
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("reset");
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        PacketSink sink = new PacketSink(broken, new Handshakes(new SessionMemory(), false), null);
        assertThatThrownBy(() -> sink.publish(PacketSink.packet("t", new byte[1], false, false), 0))
                .hasMessage("reset");
        assertThat(closed).containsExactly(true);
    }
}
