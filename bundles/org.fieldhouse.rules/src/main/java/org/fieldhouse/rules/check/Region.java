package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A set of situations: a union of boxes, each of which says for some keys (a point, a difference of points, the time of day) in
 * which range they are. Always at least as large as what it stands for, so that an empty one proves that something cannot be.
 */
record Region(List<Map<String, Range>> boxes) {
    /** More boxes than this are given up for a larger set. */
    private static final int LIMIT = 64;

    /** Every situation. */
    static final Region ALL = new Region(List.of(Map.of()));

    /** None. */
    static final Region NONE = new Region(List.of());

    Region {
        boxes = List.copyOf(boxes);
    }

    /**
     * Where one key is.
     *
     * @param known whether it may have a value at all
     * @param low of a number, with {@code lowIn} whether it belongs to it
     * @param options of what has words; null for a number
     * @param unknown whether it may have no usable value
     */
    record Range(
            boolean known,
            double low,
            boolean lowIn,
            double high,
            boolean highIn,
            @Nullable Set<String> options,
            boolean unknown) {
        static final Range UNKNOWN = new Range(false, 0, false, 0, false, null, true);

        static Range number(double low, boolean lowIn, double high, boolean highIn) {
            return new Range(true, low, lowIn, high, highIn, null, false);
        }

        static Range words(Set<String> options) {
            return new Range(true, 0, true, 0, true, options, false);
        }

        boolean isEmpty() {
            return !unknown && !hasValue();
        }

        private boolean hasValue() {
            return known && (options == null ? low < high || low == high && lowIn && highIn : !options.isEmpty());
        }

        Range and(Range o) {
            boolean both = known && o.known;
            Set<String> common = null;
            if (both && options != null && o.options != null) {
                common = new TreeSet<>(options);
                common.retainAll(o.options);
            }
            double bottom = Math.max(low, o.low);
            double top = Math.min(high, o.high);
            return new Range(
                    both,
                    bottom,
                    (low < bottom || lowIn) && (o.low < bottom || o.lowIn),
                    top,
                    (high > top || highIn) && (o.high > top || o.highIn),
                    common,
                    unknown && o.unknown);
        }

        /** Some number of it: near a limit that does not belong to it, else in the middle. */
        double example() {
            boolean noLow = Double.isInfinite(low);
            boolean noHigh = Double.isInfinite(high);
            double step = Math.max(1, Math.rint(Math.abs(noLow ? high : low) * 0.05));
            if (low == high || noLow && noHigh) {
                return noLow ? 0 : low;
            }
            if (!noHigh && (noLow || !highIn && lowIn)) {
                return highIn ? high : Math.max(high - step, noLow ? high - step : low);
            }
            if (noHigh || !lowIn && highIn) {
                return lowIn ? low : Math.min(low + step, high);
            }
            double middle = (low + high) / 2;
            return Math.rint(middle) > low && Math.rint(middle) < high ? Math.rint(middle) : middle;
        }
    }

    static Region of(String key, Range range) {
        return range.isEmpty() ? NONE : new Region(List.of(Map.of(key, range)));
    }

    boolean isEmpty() {
        return boxes.isEmpty();
    }

    Region or(Region o) {
        List<Map<String, Range>> all = new ArrayList<>(boxes);
        all.addAll(o.boxes);
        return all.size() > LIMIT || boxes.contains(Map.of()) ? ALL : new Region(all);
    }

    Region and(Region o) {
        if (boxes.size() * o.boxes.size() > LIMIT) {
            return boxes.size() <= o.boxes.size() ? this : o;
        }
        List<Map<String, Range>> all = new ArrayList<>();
        for (Map<String, Range> a : boxes) {
            for (Map<String, Range> b : o.boxes) {
                Map<String, Range> both = and(a, b);
                if (both != null) {
                    all.add(both);
                }
            }
        }
        return new Region(all);
    }

    private static @Nullable Map<String, Range> and(Map<String, Range> a, Map<String, Range> b) {
        Map<String, Range> both = new LinkedHashMap<>(a);
        for (Map.Entry<String, Range> each : b.entrySet()) {
            Range mine = both.get(each.getKey());
            Range range = mine == null ? each.getValue() : mine.and(each.getValue());
            if (range.isEmpty()) {
                return null;
            }
            both.put(each.getKey(), range);
        }
        return both;
    }

    /** What is left when nothing is known any more about those keys. */
    Region forget(Predicate<String> keys) {
        List<Map<String, Range>> all = new ArrayList<>();
        for (Map<String, Range> box : boxes) {
            Map<String, Range> left = new LinkedHashMap<>(box);
            left.keySet().removeIf(keys);
            all.add(left);
        }
        return new Region(all);
    }
}
