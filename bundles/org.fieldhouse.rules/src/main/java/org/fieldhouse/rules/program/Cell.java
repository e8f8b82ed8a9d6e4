package org.fieldhouse.rules.program;

import java.util.List;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * The present value of one source, kept in the forms in which conditions read it. Belongs to one engine and its thread.
 *
 * <p>Conditions see a value only while its quality is good. What it was last, whatever its quality is now, is what edges
 * start from when a declaration is loaded ({@link Env#lenient}).
 */
public final class Cell {
    private static final Watcher[] NOBODY = {};
    /** More than what {@link Conds#same} takes for equal. */
    private static final double NEAR = 4e-9;

    /** By what it is found at each event, see {@link #isOf}. */
    private @Nullable Object key;

    private @Nullable Unit unit;
    private @Nullable Value value;
    private Quality quality = Quality.NEVER_REPORTED;

    /** Truth of a good two-valued state; else unknown. */
    private byte truth = Truth.UNKNOWN;
    /** A good number in the source's unit; else NaN. */
    private double number = Double.NaN;

    /** Most cells have one watcher: it saves a step through memory at each event. */
    private @Nullable Watcher first;

    private Watcher[] others = NOBODY;

    /** Numbers between those two matter to no watcher. */
    private double quietAbove = Double.NaN;

    private double quietBelow = Double.NaN;

    /** Takes a value. The caller tells the watchers. */
    public void set(@Nullable Value newValue, Quality newQuality) {
        value = newValue;
        quality = newQuality;
        read();
    }

    /** Whether it was last found by that object. Kept here, where the rest of what an event needs is, and not in a table beside it. */
    public boolean isOf(Object by) {
        return key == by;
    }

    /** It is found by that object from now on. */
    public void of(Object by) {
        key = by;
    }

    /** The unit that numbers are computed in. */
    public void unit(@Nullable Unit newUnit) {
        unit = newUnit;
        read();
    }

    private void read() {
        boolean good = quality == Quality.GOOD;
        truth = good ? (byte) lastTruth() : Truth.UNKNOWN;
        number = good ? lastNumber() : Double.NaN;
    }

    private double inUnit(Quantity quantity) {
        Unit from = quantity.unit();
        Unit to = unit;
        if (to == null || from == to) {
            return quantity.number();
        }
        return from.convertsTo(to) ? from.convert(quantity.number(), to) : Double.NaN;
    }

    /** The last value, good or not; null if there never was one. */
    public @Nullable Value value() {
        return value;
    }

    /** The value if it is good; null is unknown. */
    public @Nullable Value good() {
        return quality.isGood() ? value : null;
    }

    /** A good number in the source's unit; else NaN. */
    public double number() {
        return number;
    }

    /** The last number, good or not, in the source's unit; else NaN. */
    double lastNumber() {
        return value instanceof Quantity quantity ? inUnit(quantity) : Double.NaN;
    }

    /** Truth of a good two-valued state; else unknown. */
    int truth() {
        return truth;
    }

    /** Truth of the last two-valued state, good or not; else unknown. */
    int lastTruth() {
        return value instanceof Bool bool ? Truth.of(bool.on()) : Truth.UNKNOWN;
    }

    public Quality quality() {
        return quality;
    }

    /** The first to be told of a change; null if nobody is. */
    public @Nullable Watcher first() {
        return first;
    }

    /** Those to be told after the first, in order. */
    public Watcher[] others() {
        return others;
    }

    /** Whether the number is one that matters to no watcher, see {@link #calm}. */
    public boolean isQuiet() {
        return number > quietAbove && number < quietBelow;
    }

    /**
     * All watchers have seen the number that is there now. Most sensors move on one side of all limits of the rules most of the time;
     * then nobody has to be asked, and with thousands of rules who is asked has to come from memory first.
     */
    public void calm() {
        if (Double.isNaN(number)) {
            return; // unknown leaves everything as it was
        }
        quietAbove = Double.NEGATIVE_INFINITY;
        quietBelow = Double.POSITIVE_INFINITY;
        if (first != null) {
            calm(first);
            for (Watcher each : others) {
                calm(each);
            }
        }
    }

    private void calm(Watcher watcher) {
        double limit = watcher.limit();
        double near = NEAR * Math.max(1, Math.abs(limit));
        if (number <= limit - near) {
            quietBelow = Math.min(quietBelow, limit - near);
        } else if (number >= limit + near) {
            quietAbove = Math.max(quietAbove, limit + near);
        } else {
            quietBelow = Double.NaN;
        }
    }

    /** All that are to be told of a change, in order. */
    public void watchers(List<Watcher> all) {
        int size = all.size();
        first = size == 0 ? null : all.get(0);
        quietBelow = Double.NaN;
        others = size < 2 ? NOBODY : all.subList(1, size).toArray(NOBODY);
    }
}
