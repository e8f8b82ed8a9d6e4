package org.fieldhouse.history.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;

/** States that are not on disk yet. Changed and read under the store's lock. */
final class Memory {
    /** What a point takes beside its bytes, about. */
    private static final int OVERHEAD = 1_024;

    private static final class Series {
        final List<ChunkForm> full = new ArrayList<>(0);
        ChunkWriter open = new ChunkWriter();
    }

    private final Map<PointId, Series> series = new HashMap<>();
    private long states;
    private long bytes;

    void add(PointId point, long micros, State state) {
        Series its = series.get(point);
        if (its == null) {
            its = new Series();
            series.put(point, its);
            bytes += OVERHEAD;
        }
        int before = its.open.size();
        its.open.add(micros, state);
        bytes += its.open.size() - before;
        states++;
        if (ChunkForm.isFull(its.open)) {
            its.full.add(ChunkForm.of(point, its.open));
            its.open = new ChunkWriter();
        }
    }

    long states() {
        return states;
    }

    /** Roughly what it takes. */
    long bytes() {
        return bytes;
    }

    List<ChunkForm> chunks(PointId point) {
        Series its = series.get(point);
        return its == null ? List.of() : chunks(point, its);
    }

    private static List<ChunkForm> chunks(PointId point, Series its) {
        List<ChunkForm> all = new ArrayList<>(its.full);
        if (its.open.count() > 0) {
            all.add(ChunkForm.of(point, its.open));
        }
        return all;
    }

    List<ChunkForm> all() {
        List<ChunkForm> all = new ArrayList<>(series.size());
        series.forEach((point, its) -> all.addAll(chunks(point, its)));
        return all;
    }

    void clear() {
        series.clear();
        states = 0;
        bytes = 0;
    }
}
