package org.fieldhouse.rules.engine;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.rules.program.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Cells by point: on the path of every event. Open addressing with linear probing over the hashes, so that a look-up touches three
 * places in memory. The runtime has one id object per point; the table takes it over when it first sees it, and compares no text
 * after that. Nothing is ever removed.
 */
final class PointTable {
    private int[] hashes = new int[256];
    private @Nullable PointId[] keys = new @Nullable PointId[256];
    private @Nullable Cell[] cells = new @Nullable Cell[256];
    private int size;

    /** Never 0, which is an empty place. */
    private static int hash(PointId id) {
        int h = id.hashCode() * 0x9E3779B9;
        h ^= h >>> 15;
        return h == 0 ? 1 : h;
    }

    @Nullable
    Cell get(PointId id) {
        int hash = hash(id);
        int mask = hashes.length - 1;
        for (int i = hash & mask; hashes[i] != 0; i = i + 1 & mask) {
            if (hashes[i] == hash) {
                PointId key = keys[i];
                if (key == id) {
                    return cells[i];
                }
                if (id.equals(key)) {
                    keys[i] = id;
                    return cells[i];
                }
            }
        }
        return null;
    }

    /** The cell of a point, made if there is none. */
    Cell of(PointId id) {
        Cell known = get(id);
        if (known != null) {
            return known;
        }
        if (++size * 2 > hashes.length) {
            grow();
        }
        Cell cell = new Cell();
        insert(hash(id), id, cell);
        return cell;
    }

    private void insert(int hash, PointId id, Cell cell) {
        int mask = hashes.length - 1;
        int i = hash & mask;
        while (hashes[i] != 0) {
            i = i + 1 & mask;
        }
        hashes[i] = hash;
        keys[i] = id;
        cells[i] = cell;
    }

    private void grow() {
        int[] oldHashes = hashes;
        @Nullable PointId[] oldKeys = keys;
        @Nullable Cell[] oldCells = cells;
        hashes = new int[oldHashes.length * 2];
        keys = Arrays.copyOf(new @Nullable PointId[0], hashes.length);
        cells = Arrays.copyOf(new @Nullable Cell[0], hashes.length);
        for (int i = 0; i < oldHashes.length; i++) {
            PointId key = oldKeys[i];
            Cell cell = oldCells[i];
            if (key != null && cell != null) {
                insert(oldHashes[i], key, cell);
            }
        }
    }

    /** All cells, in no order. */
    void forEach(BiConsumer<PointId, Cell> action) {
        for (int i = 0; i < keys.length; i++) {
            PointId key = keys[i];
            Cell cell = cells[i];
            if (key != null && cell != null) {
                action.accept(key, cell);
            }
        }
    }
}
