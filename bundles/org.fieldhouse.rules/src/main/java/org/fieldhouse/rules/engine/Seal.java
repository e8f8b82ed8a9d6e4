package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A checksum in front of saved bytes: what was damaged is not taken for a state. */
final class Seal {
    private Seal() {}

    static byte[] close(byte[] data) {
        return ByteBuffer.allocate(data.length + 4).putInt(sum(data)).put(data).array();
    }

    static byte[] open(byte[] sealed) throws IOException {
        if (sealed.length < 4) {
            throw new IOException("engine state of " + sealed.length + " bytes");
        }
        byte[] data = new byte[sealed.length - 4];
        ByteBuffer in = ByteBuffer.wrap(sealed);
        int expected = in.getInt();
        in.get(data);
        if (sum(data) != expected) {
            throw new IOException("the engine state is damaged");
        }
        return data;
    }

    private static int sum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return (int) crc.getValue();
    }
}
