package org.fieldhouse.rules.engine;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateOutput} wrote. Anything that cannot be is an {@link IOException}. */
public final class StateInput {
    private final byte[] bytes;
    private final int end;
    private final int format;
    private int at;

    public StateInput(byte[] data) {
        this(data, Engine.FORMAT);
    }

    /** @param format of the engine that wrote it */
    StateInput(byte[] data, int format) {
        this(data, 0, data.length, format);
    }

    private StateInput(byte[] bytes, int from, int end, int format) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
        this.format = format;
    }

    /** Of the engine that wrote it, {@link Engine#FORMAT} or an older one. */
    int format() {
        return format;
    }

    public long number() throws IOException {
        long high = small();
        return high << 32 | small() & 0xffff_ffffL;
    }

    public int small() throws IOException {
        int from = skip(Integer.BYTES);
        return bytes[from] << 24
                | (bytes[from + 1] & 0xff) << 16
                | (bytes[from + 2] & 0xff) << 8
                | bytes[from + 3] & 0xff;
    }

    /** A count of things that take at least a byte each. */
    public int count() throws IOException {
        int count = small();
        if (count < 0 || count > end - at) {
            throw new IOException("a count of " + count + " with " + (end - at) + " bytes left");
        }
        return count;
    }

    public double real() throws IOException {
        return Double.longBitsToDouble(number());
    }

    public boolean flag() throws IOException {
        return bytes[skip(1)] != 0;
    }

    public String text() throws IOException {
        int length = count();
        return new String(bytes, skip(length), length, StandardCharsets.UTF_8);
    }

    public byte[] block() throws IOException {
        int length = count();
        int from = skip(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** The next block, to be read by itself. */
    StateInput part() throws IOException {
        int length = count();
        int from = skip(length);
        return new StateInput(bytes, from, from + length, format);
    }

    private int skip(int length) throws IOException {
        int from = at;
        if (end - from < length) {
            throw new EOFException(length + " bytes wanted, " + (end - from) + " left");
        }
        at = from + length;
        return from;
    }

    @Nullable
    public Value value() throws IOException {
        int kind = bytes[skip(1)];
        if (kind == -1) {
            return null;
        }
        ValueKind[] kinds = ValueKind.values();
        if (kind < 0 || kind >= kinds.length) {
            throw new IOException("no value of kind " + kind);
        }
        try {
            return switch (kinds[kind]) {
                case BOOL -> Bool.of(flag());
                case QUANTITY -> new Quantity(real(), unit());
                case TEXT -> new Text(text());
                case CHOICE -> new Choice(text());
                case MOMENT -> new Moment(Instant.ofEpochSecond(number(), small()));
                case COLOUR -> new Colour(real(), real());
            };
        } catch (RuntimeException e) {
            throw new IOException("a value that cannot be: " + e.getMessage(), e);
        }
    }

    public Unit unit() throws IOException {
        String symbol = text();
        if (flag()) {
            return Units.of(symbol);
        }
        double factor = real();
        double offset = real();
        Dimension dimension =
                new Dimension(small(), small(), small(), small(), small(), small(), small(), small(), small(), small());
        return new Unit(symbol, dimension, factor, offset);
    }

    @Nullable
    public Value[] values() throws IOException {
        @Nullable Value[] values = new @Nullable Value[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value();
        }
        return values;
    }

    public Map<String, Value> arguments() throws IOException {
        int count = count();
        Map<String, Value> values = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = text();
            Value value = value();
            if (value != null) {
                values.put(name, value);
            }
        }
        return Map.copyOf(values);
    }
}
