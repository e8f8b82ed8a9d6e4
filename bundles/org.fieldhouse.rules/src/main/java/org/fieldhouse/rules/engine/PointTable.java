package org.fieldhouse.rules.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.rules.program.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Cells by point: on the path of every event. The runtime has one id object per point, so ids are looked for by identity first, in a
 * table that holds each id beside its cell: with ten thousand points, whose ids, texts and cells fit into no cache, that is two places
 * in memory instead of seven. An id of other identity is found by its text, and known from then on. Nothing is ever removed.
 */
final class PointTable {
    private final Map<PointId, Cell> all = new HashMap<>();
    /** An id, its cell, the next id …; a place is a pair of them. Twice to four times as many places as points. */
    private @Nullable Object[] known = new @Nullable Object[512];

    private int filled;

    private static int start(Object id, int mask) {
        return System.identityHashCode(id) * 0x9E3779B9 >>> 7 & mask;
    }

    /** The cell of a point, at each event; null if there is none. */
    @Nullable
    Cell get(PointId id) {
        @Nullable Object[] pairs = known;
        int mask = pairs.length / 2 - 1;
        for (int at = start(id, mask); pairs[2 * at] != null; at = at + 1 & mask) {
            if (pairs[2 * at] == id) {
                return (Cell) pairs[2 * at + 1];
            }
        }
        Cell cell = all.get(id);
        if (cell != null) {
            learn(id, cell);
        }
        return cell;
    }

    /** The cell of a point, made if there is none; not at each event. */
    Cell of(PointId id) {
        return all.computeIfAbsent(id, made -> new Cell());
    }

    private void learn(PointId id, Cell cell) {
        int places = known.length / 2;
        if (++filled > places * 3 / 4) {
            forget(places);
        }
        int mask = known.length / 2 - 1;
        int at = start(id, mask);
        while (known[2 * at] != null) {
            at = at + 1 & mask;
        }
        known[2 * at] = id;
        known[2 * at + 1] = cell;
    }

    /** Begins anew: there are more points than before, or ids of devices that were opened again have taken the places. */
    private void forget(int places) {
        int wanted = places;
        while (wanted < 2 * all.size()) {
            wanted *= 2;
        }
        if (wanted > places) {
            known = Arrays.copyOf(new @Nullable Object[0], 2 * wanted);
        } else {
            Arrays.fill(known, null);
        }
        filled = 1;
    }

    /** All cells, by device and point. */
    List<Map.Entry<PointId, Cell>> sorted() {
        List<Map.Entry<PointId, Cell>> sorted = new ArrayList<>(all.entrySet());
        sorted.sort((a, b) -> compare(a.getKey(), b.getKey()));
        return sorted;
    }

    private static int compare(PointId a, PointId b) {
        int devices = a.device() == b.device() ? 0 : a.device().compareTo(b.device());
        return devices != 0 ? devices : a.point().compareTo(b.point());
    }

    /** All cells, in no order. */
    void forEach(BiConsumer<PointId, Cell> action) {
        all.forEach(action);
    }
}
