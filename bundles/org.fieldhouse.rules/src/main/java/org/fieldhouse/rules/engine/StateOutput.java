package org.fieldhouse.rules.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** Writes engine state. The same state gives the same bytes. See {@link StateInput}. */
public final class StateOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final DataOutputStream out = new DataOutputStream(bytes);

    public void number(long value) throws IOException {
        out.writeLong(value);
    }

    public void small(int value) throws IOException {
        out.writeInt(value);
    }

    public void real(double value) throws IOException {
        out.writeDouble(value);
    }

    public void flag(boolean value) throws IOException {
        out.writeBoolean(value);
    }

    public void text(String value) throws IOException {
        block(value.getBytes(StandardCharsets.UTF_8));
    }

    public void block(byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    public void value(@Nullable Value value) throws IOException {
        if (value == null) {
            out.writeByte(-1);
            return;
        }
        out.writeByte(value.kind().ordinal());
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
    public void unit(Unit unit) throws IOException {
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

    public void values(@Nullable Value[] values) throws IOException {
        small(values.length);
        for (Value each : values) {
            value(each);
        }
    }

    public void values(Map<String, Value> values) throws IOException {
        small(values.size());
        for (Map.Entry<String, Value> each : new TreeMap<>(values).entrySet()) {
            text(each.getKey());
            value(each.getValue());
        }
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
