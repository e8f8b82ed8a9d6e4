package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.fieldhouse.binding.mqtt.client.SessionMemory.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client that leaves still has to say, MQTT 3.1.1 and 5.0 section 4.3, read off the stream in pieces of any size. */
class HandshakesTest {
    private static final int ID = 0x1234;
    private static final Packet PACKET = new Packet(new byte[0], new byte[0]);

    private final SessionMemory memory = new SessionMemory();
    private final Handshakes handshakes = new Handshakes(memory, false);
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final PacketSink sink = new PacketSink(wire, handshakes, null);

    private static byte[] answer(int type, int... more) {
        byte[] packet = new byte[4 + more.length];
        packet[0] = (byte) (type << 4 | (type == Handshakes.PUBREL ? 2 : 0));
        packet[1] = (byte) (packet.length - 2);
        packet[2] = (byte) (ID >> 8);
        packet[3] = (byte) ID;
        for (int i = 0; i < more.length; i++) {
            packet[4 + i] = (byte) more[i];
        }
        return packet;
    }

    private static byte[] message(int qos) {
        return new byte[] {(byte) (0x30 | qos << 1), 6, 0, 1, 't', (byte) (ID >> 8), (byte) ID, 'x'};
    }

    private void hear(Handshakes by, byte[] packet, int piece) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(packet) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, piece));
            }
        };
        PacketGate.Limits limits = new PacketGate.Limits(1 << 20, false, new byte[16]);
        PacketGate gate = new PacketGate(in, limits, (topic, payload, retained) -> {}, () -> Long.MAX_VALUE, by);
        assertThat(gate.readAllBytes()).isEqualTo(packet);
    }

    private void say(byte[] packet, int piece) throws IOException {
        for (int at = 0; at < packet.length; at += piece) {
            sink.write(packet, at, Math.min(piece, packet.length - at));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,4,1", "1,4,4096", "2,5,1", "2,5,3", "2,5,4096"})
    void aMessageIsOwedItsAnswer(int qos, int answer, int piece) throws Exception {
        hear(handshakes, message(qos), piece);
        assertThat(handshakes.awaitEven(0)).isFalse();
        say(answer(9 - answer + 2), piece);
        assertThat(handshakes.awaitEven(0)).as("another answer").isFalse();
        say(answer(answer), piece);
        assertThat(handshakes.awaitEven(0)).isTrue();
    }

    @Test
    void theSecondHalfIsOwedToo() throws Exception {
        hear(handshakes, answer(Handshakes.PUBREL), 1);
        assertThat(handshakes.awaitEven(0)).isFalse();
        say(answer(Handshakes.PUBCOMP), 1);
        assertThat(handshakes.awaitEven(0)).isTrue();
        hear(handshakes, answer(Handshakes.PUBREC), 1);
        assertThat(handshakes.awaitEven(0)).isFalse();
        say(answer(Handshakes.PUBREL), 1);
        assertThat(handshakes.awaitEven(0)).isTrue();
    }

    /** After a hand-over Paho says PUBREL again: that pays for nothing else. */
    @Test
    void whatIsSaidUnaskedDoesNotCount() throws Exception {
        say(answer(Handshakes.PUBREL), 4);
        hear(handshakes, message(2), 4096);
        assertThat(handshakes.awaitEven(0)).isFalse();
    }

    /** MQTT 5.0 section 4.3.3: a PUBREC with a reason code from 0x80 on has no PUBREL. */
    @Test
    void aRefusalEndsTheHandshake() throws Exception {
        hear(handshakes, answer(Handshakes.PUBREC, 0x97, 0), 1);
        assertThat(handshakes.awaitEven(0)).isTrue();
        hear(handshakes, answer(Handshakes.PUBREC, 0x10, 0), 1);
        assertThat(handshakes.awaitEven(0)).isFalse();
    }

    /** Paho for MQTT 5.0 says PUBREC on one thread and brings the message on another. */
    @Test
    void aMessageThatIsAcknowledgedEarlyIsOwedToUs() throws Exception {
        Handshakes early = new Handshakes(memory, true);
        hear(early, message(2), 4096);
        early.said(Handshakes.PUBREC, ID);
        assertThat(early.awaitEven(0)).isFalse();
        early.brought(ID);
        assertThat(early.awaitEven(0)).isTrue();
    }

    /** What the broker has acknowledged, and Paho's threads have not got round to, would be sent twice by the next version. */
    @ParameterizedTest
    @ValueSource(ints = {Handshakes.PUBACK, Handshakes.PUBCOMP})
    void whatIsAcknowledgedIsNotHandedOver(int type) throws Exception {
        memory.put("s-" + ID, PACKET);
        memory.put("sc-" + ID, PACKET);
        memory.put("s-1", PACKET);
        memory.put("r-" + ID, PACKET);
        hear(handshakes, answer(type), 1);
        memory.seal();
        assertThat(memory.packets()).containsOnlyKeys("s-1", "r-" + ID);
    }

    @Test
    void anIdentifierThatIsUsedAgainIsHandedOver() throws Exception {
        memory.put("s-" + ID, PACKET);
        hear(handshakes, answer(Handshakes.PUBACK), 1);
        memory.remove("s-" + ID);
        memory.put("s-" + ID, PACKET);
        assertThat(memory.packets()).containsOnlyKeys("s-" + ID);
    }

    /** A client that sees its connection end clears what it calls its session. */
    @Test
    void aSealedMemoryStaysAsItIs() {
        memory.put("r-1", PACKET);
        memory.seal();
        memory.clear();
        memory.remove("r-1");
        memory.put("r-2", PACKET);
        assertThat(memory.packets()).containsOnlyKeys("r-1");
    }
}
