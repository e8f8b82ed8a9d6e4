package org.fieldhouse.rules.engine;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
    private final ByteArrayInputStream bytes;
    private final DataInputStream in;
    private final int format;

    public StateInput(byte[] data) {
        this(data, Engine.FORMAT);
    }

    /** @param format of the engine that wrote it */
    StateInput(byte[] data, int format) {
        this.format = format;
        bytes = new ByteArrayInputStream(data);
        in = new DataInputStream(bytes);
    }

    /** Of the engine that wrote it, {@link Engine#FORMAT} or an older one. */
    int format() {
        return format;
    }

    public long number() throws IOException {
        return in.readLong();
    }

    public int small() throws IOException {
        return in.readInt();
    }

    /** A count of things that take at least a byte each. */
    public int count() throws IOException {
        int count = in.readInt();
        if (count < 0 || count > bytes.available()) {
            throw new IOException("a count of " + count + " with " + bytes.available() + " bytes left");
        }
        return count;
    }

    public double real() throws IOException {
        return in.readDouble();
    }

    public boolean flag() throws IOException {
        return in.readBoolean();
    }

    public String text() throws IOException {
        return new String(block(), StandardCharsets.UTF_8);
    }

    public byte[] block() throws IOException {
        byte[] data = new byte[count()];
        in.readFully(data);
        return data;
    }

    @Nullable
    public Value value() throws IOException {
        int kind = in.readByte();
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
