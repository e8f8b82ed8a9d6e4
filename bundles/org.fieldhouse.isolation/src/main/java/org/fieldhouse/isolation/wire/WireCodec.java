package org.fieldhouse.isolation.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.isolation.wire.Frames.MalformedException;
import org.jspecify.annotations.Nullable;

/** Frames as bytes: type, the tables of words, units and points (as in a block of the journal), body. Without state. */
public final class WireCodec {
    private WireCodec() {}

    /** A frame with its length in front. */
    public static byte[] encode(ToChild message) {
        ByteWriter body = new ByteWriter(128);
        Tables tables = new Tables();
        return frame(ToChildCodec.write(message, body, tables), tables, body);
    }

    /** A frame with its length in front. */
    public static byte[] encode(FromChild message) {
        ByteWriter body = new ByteWriter(128);
        Tables tables = new Tables();
        return frame(FromChildCodec.write(message, body, tables), tables, body);
    }

    /** @throws TooLargeException if it cannot be sent */
    private static byte[] frame(int type, Tables tables, ByteWriter body) {
        ByteWriter out = new ByteWriter(body.size() + 64);
        out.fixed32(0);
        out.u8(type);
        tables.write(out);
        out.raw(body.array(), body.size());
        if (out.size() - 4 > Frames.MOST) {
            throw new TooLargeException(out.size() - 4);
        }
        out.patch32(0, out.size() - 4);
        return out.toBytes();
    }

    /** More than a frame can hold. */
    public static final class TooLargeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int size) {
            super("it is " + size + " bytes; the line to a process takes " + Frames.MOST);
        }
    }

    public static ToChild toChild(byte[] frame) throws MalformedException {
        return read(frame, ToChildCodec::read);
    }

    public static FromChild fromChild(byte[] frame) throws MalformedException {
        return read(frame, FromChildCodec::read);
    }

    private interface Body<T> {
        T read(int type, ByteReader in, Tables tables);
    }

    private static <T> T read(byte[] frame, Body<T> body) throws MalformedException {
        ByteReader in = new ByteReader(frame);
        try {
            int type = in.u8();
            T message = body.read(type, in, Tables.read(in));
            if (in.remaining() > 0) {
                throw new CorruptException(in.remaining() + " bytes too many after type " + type);
            }
            return message;
        } catch (RuntimeException e) { // whatever the types of the vocabulary say of what they cannot be made of
            throw new MalformedException("a frame that is none: " + e.getMessage(), e);
        }
    }

    // ---- what both have in common

    static void flag(boolean flag, ByteWriter out) {
        out.u8(flag ? 1 : 0);
    }

    static boolean flag(ByteReader in) {
        int code = in.u8();
        if (code > 1) {
            throw new CorruptException("yes or no: " + code);
        }
        return code == 1;
    }

    static void bytes(byte[] data, ByteWriter out) {
        out.unsigned(data.length);
        out.raw(data, data.length);
    }

    static byte[] bytes(ByteReader in) {
        byte[] data = new byte[in.count(in.remaining())];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) in.u8();
        }
        return data;
    }

    static void texts(Iterable<String> texts, ByteWriter out) {
        List<String> list = new ArrayList<>();
        texts.forEach(list::add);
        ModelCodec.list(list, out, (text, o) -> o.text(text));
    }

    static List<String> textList(ByteReader in) {
        return List.copyOf(ModelCodec.list(in, ByteReader::text));
    }

    static Set<String> textSet(ByteReader in) {
        return Set.copyOf(new HashSet<>(textList(in)));
    }

    static void textMap(Map<String, String> map, ByteWriter out) {
        out.unsigned(map.size());
        map.forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
    }

    static Map<String, String> textMap(ByteReader in) {
        int size = in.count(in.remaining());
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = in.text();
            map.put(key, in.text());
        }
        return map;
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> settings(@Nullable Object read) {
        if (read instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new CorruptException("settings are a map");
    }
}
