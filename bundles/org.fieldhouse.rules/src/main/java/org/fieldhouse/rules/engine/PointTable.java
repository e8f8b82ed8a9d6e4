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
 * table of cells that know their ids: with ten thousand points, whose ids, texts and cells fit into no cache, that is two places
 * in memory instead of seven. An id of other identity is found by its text, and instead of the one before from then on. Nothing is
 * ever removed.
 */
final class PointTable {
    private final Map<PointId, Cell> all = new HashMap<>();
    /** Four thirds to five times as many places as points. */
    private @Nullable Cell[] known = new @Nullable Cell[256];

    private int filled;

    private static int start(Object id, int mask) {
        return System.identityHashCode(id) * 0x9E3779B9 >>> 7 & mask;
    }

    /** The cell of a point, at each event; null if there is none. */
    @Nullable
    Cell get(PointId id) {
        @Nullable Cell[] cells = known;
        int mask = cells.length - 1;
        Cell cell;
        for (int at = start(id, mask); (cell = cells[at]) != null; at = at + 1 & mask) {
            if (cell.isOf(id)) {
                return cell;
            }
        }
        Cell found = all.get(id);
        if (found != null) {
            learn(id, found);
        }
        return found;
    }

    /** The cell of a point, made if there is none; not at each event. */
    Cell of(PointId id) {
        return all.computeIfAbsent(id, made -> new Cell());
    }

    private void learn(PointId id, Cell cell) {
        if (++filled > known.length * 3 / 4) {
            forget(known.length);
        }
        cell.of(id);
        int mask = known.length - 1;
        int at = start(id, mask);
        while (known[at] != null) {
            at = at + 1 & mask;
        }
        known[at] = cell;
    }

    /** Begins anew: there are more points than before, or places of ids that are no more have filled it. */
    private void forget(int places) {
        int wanted = places;
        while (wanted < all.size() * 4 / 3 + 64) {
            wanted *= 2;
        }
        if (wanted > places) {
            known = new @Nullable Cell[wanted];
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
