package org.fieldhouse.binding.bluetooth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.binding.bluetooth.codec.Advertisement;
import org.jspecify.annotations.Nullable;

/**
 * What a device knows of itself, and leaves to the next version of the binding.
 *
 * @param description with every point that was heard of
 * @param heardMillis when it was last heard, ms since 1970-01-01T00:00Z; 0 for never
 * @param byTrigger whether its silence means nothing
 * @param packet number of its last packet; -1 for none
 * @param packetMillis when that came
 * @param counter of its last encrypted packet; -1 for none
 * @param last all that it advertises, the newest of each kind
 * @param held what came since it was told to leave, in order
 */
record Memory(
        DeviceDescription description,
        long heardMillis,
        boolean byTrigger,
        int packet,
        long packetMillis,
        long counter,
        Advertisement last,
        List<Advertisement> held) {
    Memory {
        held = List.copyOf(held);
    }

    /** Of the bytes below. */
    static final int FORMAT = 1;

    private static final int MOST_PARTS = 64;
    private static final int MOST_BYTES = 512;

    byte[] encode() {
        Tables tables = new Tables();
        ByteWriter out = new ByteWriter(256);
        ModelCodec.description(description, out, tables);
        out.signed(heardMillis);
        out.u8(byTrigger ? 1 : 0);
        out.signed(packet);
        out.signed(packetMillis);
        out.signed(counter);
        advertisement(last, out);
        ModelCodec.list(held, out, Memory::advertisement);
        ByteWriter whole = new ByteWriter(512);
        tables.write(whole); // the words, in front of what calls them by number
        whole.raw(out.array(), out.size());
        return whole.toBytes();
    }

    /** Null if that is not what {@link #encode} makes. */
    static @Nullable Memory decode(byte[] bytes) {
        try {
            ByteReader in = new ByteReader(bytes);
            Tables tables = Tables.read(in);
            return new Memory(
                    ModelCodec.description(in, tables),
                    in.signed(),
                    in.u8() == 1,
                    (int) in.signed(),
                    in.signed(),
                    in.signed(),
                    advertisement(in),
                    ModelCodec.list(in, Memory::advertisement));
        } catch (CorruptException | IllegalArgumentException e) {
            return null;
        }
    }

    private static void advertisement(Advertisement advertisement, ByteWriter out) {
        parts(advertisement.services(), out);
        parts(advertisement.makers(), out);
    }

    private static Advertisement advertisement(ByteReader in) {
        return new Advertisement(parts(in), parts(in));
    }

    private static void parts(Map<Integer, byte[]> parts, ByteWriter out) {
        out.unsigned(parts.size());
        parts.forEach((id, data) -> {
            out.unsigned(id);
            out.unsigned(data.length);
            out.raw(data, data.length);
        });
    }

    private static Map<Integer, byte[]> parts(ByteReader in) {
        Map<Integer, byte[]> parts = new HashMap<>();
        int count = in.count(MOST_PARTS);
        for (int i = 0; i < count; i++) {
            int id = (int) in.unsigned();
            byte[] data = new byte[in.count(MOST_BYTES)];
            for (int at = 0; at < data.length; at++) {
                data[at] = (byte) in.u8();
            }
            parts.put(id, data);
        }
        return parts;
    }
}
