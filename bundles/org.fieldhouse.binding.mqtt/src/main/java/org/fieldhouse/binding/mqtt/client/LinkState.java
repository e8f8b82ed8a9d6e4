package org.fieldhouse.binding.mqtt.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one version of the binding tells the next about a broker's link, as bytes: where the stream of packets is, packets that are
 * not acknowledged, who wanted what, and the messages that nobody has seen.
 *
 * @param connack with which the broker took the connection; empty if the connection did not survive
 * @param rest bytes read and not seen
 * @param packets of the session memory
 * @param hub of the subscriptions
 */
record LinkState(byte[] connack, byte[] rest, Map<String, SessionMemory.Packet> packets, Hub.Remains hub) {
    /** Of this format. */
    static final int VERSION = 1;

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            put(out, connack);
            put(out, rest);
            out.writeInt(packets.size());
            for (Map.Entry<String, SessionMemory.Packet> p : packets.entrySet()) {
                out.writeUTF(p.getKey());
                put(out, p.getValue().header());
                put(out, p.getValue().payload());
            }
            out.writeInt(hub.parties().size());
            for (Map.Entry<String, Integer> p : hub.parties().entrySet()) {
                out.writeUTF(p.getKey());
                out.writeInt(p.getValue());
            }
            out.writeInt(hub.atBroker().size());
            for (String filter : hub.atBroker()) {
                out.writeUTF(filter);
            }
            out.writeInt(hub.parked().size());
            for (Message m : hub.parked()) {
                out.writeUTF(m.topic());
                out.writeBoolean(m.retained());
                put(out, m.payload());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if these are not the bytes of a state */
    static LinkState decode(byte[] state) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            byte[] connack = get(in);
            byte[] rest = get(in);
            Map<String, SessionMemory.Packet> packets = new LinkedHashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                packets.put(in.readUTF(), new SessionMemory.Packet(get(in), get(in)));
            }
            Map<String, Integer> parties = new LinkedHashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                parties.put(in.readUTF(), in.readInt());
            }
            Set<String> atBroker = new LinkedHashSet<>();
            for (int n = in.readInt(); n > 0; n--) {
                atBroker.add(in.readUTF());
            }
            List<Message> parked = new ArrayList<>();
            for (int n = in.readInt(); n > 0; n--) {
                String topic = in.readUTF();
                boolean retained = in.readBoolean();
                parked.add(new Message(topic, get(in), retained));
            }
            return new LinkState(connack, rest, packets, new Hub.Remains(parties, atBroker, parked));
        }
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] get(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a piece of " + length + " bytes where " + in.available() + " are left");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
