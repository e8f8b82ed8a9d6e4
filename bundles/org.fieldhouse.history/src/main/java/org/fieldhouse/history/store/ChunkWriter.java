package org.fieldhouse.history.store;

import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * Writes states of one point, most of them in four to six bytes. In front stand the words and units that they use
 * ({@link Tables#write}), then for each state:
 *
 * <pre>
 * head      bits 0–2 quality, 3–4 source time, 5–7 form of the value
 * distance  unsigned, µs since the state before; since the chunk's first time for the first
 * source    signed, µs by which the source time is earlier; only if bits 3–4 say so
 * value     as its form says
 * </pre>
 *
 * <p>Source time: 0 the device has no clock, 1 as written, 2 the one of the state before. Form: 0 the value of the state before,
 * 1 none, 2 off, 3 on, 4 a number in the scale and unit of the last one: signed distance to it, 5 a number in another scale or unit:
 * scale, unit, signed, 6 a number that needs all its digits: unit, eight bytes, 7 any other value by {@link ValueCodec}. A number of
 * scale <i>s</i> is a whole one divided by 10<sup>s</sup>, 0 ≤ s ≤ {@value #MOST_SCALE}. Not thread-safe.
 */
final class ChunkWriter {
    static final int SAME = 0;
    static final int NONE = 1;
    static final int OFF = 2;
    static final int ON = 3;
    static final int NEAR = 4;
    static final int SCALED = 5;
    static final int DOUBLE = 6;
    static final int OTHER = 7;

    static final int NO_CLOCK = 0;
    static final int WRITTEN = 1;
    static final int REPEATED = 2;

    static final int MOST_SCALE = 6;
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    private static final long MOST_WHOLE = 1L << 50;
    /** A device without a clock: what it said was received so shortly before it had its number. */
    private static final long PROMPT_MICROS = 1_000_000;

    private final ByteWriter out = new ByteWriter(64);
    private final Tables tables = new Tables();
    private long first;
    private long last;
    private int count;
    private @Nullable Value lastValue;
    private long lastSource = Long.MIN_VALUE;
    private int scale = -1;
    private long whole;
    private @Nullable Unit unit;

    int count() {
        return count;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    int size() {
        return out.size();
    }

    /** @param micros not before the state before; what is earlier is taken as at the same time */
    void add(long micros, State state) {
        long source = state.sourceMicros();
        boolean clockless = source == state.receivedMicros() && Math.abs(micros - source) <= PROMPT_MICROS;
        add(micros, state.value(), state.quality().ordinal(), clockless, source);
    }

    void add(long micros, @Nullable Value value, int quality, boolean clockless, long source) {
        if (count == 0) {
            first = micros;
            last = micros;
        }
        long time = Math.max(micros, last);
        int origin = clockless ? NO_CLOCK : source == lastSource ? REPEATED : WRITTEN;
        int form = form(value);
        out.u8(quality | origin << 3 | form << 5);
        out.unsigned(time - last);
        if (origin == WRITTEN) {
            out.signed(time - source);
        }
        lastSource = origin == NO_CLOCK ? time : source;
        last = time;
        count++;
        body(form, value);
        lastValue = value;
    }

    private int form(@Nullable Value value) {
        if (value == null) {
            return NONE;
        } else if (value.equals(lastValue)) {
            return SAME;
        } else if (value instanceof Bool bool) {
            return bool.on() ? ON : OFF;
        } else if (value instanceof Quantity quantity) {
            int needed = scale(quantity.number());
            if (needed < 0) {
                return DOUBLE;
            }
            return scale >= 0 && quantity.unit().equals(unit) && fits(quantity.number(), scale) ? NEAR : SCALED;
        }
        return OTHER;
    }

    private void body(int form, @Nullable Value value) {
        if (form < NEAR || value == null) {
            return;
        }
        if (form == OTHER) {
            ValueCodec.write(value, out, tables);
            return;
        }
        Quantity quantity = (Quantity) value;
        if (form == NEAR) {
            long next = (long) Math.rint(quantity.number() * POWERS[scale]);
            out.signed(next - whole);
            whole = next;
            return;
        }
        if (form == SCALED) {
            scale = Math.max(
                    scale(quantity.number()), quantity.unit().equals(unit) && scale >= 0 ? wider(quantity) : 0);
            unit = quantity.unit();
            whole = (long) Math.rint(quantity.number() * POWERS[scale]);
            out.u8(scale);
            out.unsigned(tables.unit(unit));
            out.signed(whole);
            return;
        }
        out.unsigned(tables.unit(quantity.unit()));
        out.number(quantity.number());
    }

    /** The scale that there was, if the number can be said in it; a sensor that said hundredths will again. */
    private int wider(Quantity quantity) {
        return fits(quantity.number(), scale) ? scale : 0;
    }

    private static int scale(double number) {
        for (int s = 0; s <= MOST_SCALE; s++) {
            if (fits(number, s)) {
                return s;
            }
        }
        return -1;
    }

    private static boolean fits(double number, int scale) {
        double scaled = Math.rint(number * POWERS[scale]);
        return Math.abs(scaled) < MOST_WHOLE && scaled / POWERS[scale] == number;
    }

    static double unscaled(long whole, int scale) {
        return whole / POWERS[scale];
    }

    /** Tables and states, before deflation. */
    byte[] toBytes() {
        ByteWriter all = new ByteWriter(out.size() + 64);
        tables.write(all);
        all.raw(out.array(), out.size());
        return all.toBytes();
    }
}
