package org.fieldhouse.rules.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes engine state, numbers big-endian. The same state gives the same bytes. See {@link StateInput}. Rules stand still while the
 * state of all of them is written, so there is one buffer for many parts and nothing between it and the bytes.
 */
public final class StateOutput {
    private byte[] bytes = new byte[1024];
    private int size;

    public void number(long value) {
        room(Long.BYTES);
        put((int) (value >>> 32));
        put((int) value);
    }

    public void small(int value) {
        room(Integer.BYTES);
        put(value);
    }

    public void real(double value) {
        number(Double.doubleToLongBits(value));
    }

    public void flag(boolean value) {
        octet(value ? 1 : 0);
    }

    public void text(String value) {
        block(value.getBytes(StandardCharsets.UTF_8));
    }

    public void block(byte[] value) {
        room(Integer.BYTES + value.length);
        put(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Begins a block whose length is not known yet; give what this returns to {@link #end}. */
    int begin() {
        small(0);
        return size;
    }

    /** What was written since {@link #begin} is the block. */
    void end(int begun) {
        int here = size;
        size = begun - Integer.BYTES;
        put(here - begun);
        size = here;
    }

    public void value(@Nullable Value value) {
        if (value == null) {
            octet(-1);
            return;
        }
        octet(value.kind().ordinal());
        if (value instanceof Bool bool) {
            flag(bool.on());
        } else if (value instanceof Quantity quantity) {
            real(quantity.number());
            unit(quantity.unit());
        } else if (value instanceof Text t) {
            text(t.value());
        } else if (value instanceof Choice choice) {
            text(choice.option());
        } else if (value instanceof Moment moment) {
            number(moment.instant().getEpochSecond());
            small(moment.instant().getNano());
        } else if (value instanceof Colour colour) {
            real(colour.x());
            real(colour.y());
        }
    }

    /** By symbol; one that was calculated (kW·h) has no symbol that can be read again, so it is spelled out. */
    public void unit(Unit unit) {
        text(unit.symbol());
        boolean known = Units.find(unit.symbol()).filter(unit::equals).isPresent();
        flag(known);
        if (!known) {
            real(unit.factor());
            real(unit.offset());
            Dimension d = unit.dimension();
            int[] exponents = {
                d.length(),
                d.mass(),
                d.time(),
                d.current(),
                d.temperature(),
                d.amount(),
                d.luminous(),
                d.angle(),
                d.information(),
                d.level()
            };
            for (int each : exponents) {
                small(each);
            }
        }
    }

    public void values(@Nullable Value[] values) {
        small(values.length);
        for (Value each : values) {
            value(each);
        }
    }

    public void values(Map<String, Value> values) {
        small(values.size());
        for (Map.Entry<String, Value> each : new TreeMap<>(values).entrySet()) {
            text(each.getKey());
            value(each.getValue());
        }
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Takes out what was written; the next part begins. */
    byte[] take() {
        byte[] part = toBytes();
        size = 0;
        return part;
    }

    private void octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    private void put(int value) {
        bytes[size++] = (byte) (value >>> 24);
        bytes[size++] = (byte) (value >>> 16);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
