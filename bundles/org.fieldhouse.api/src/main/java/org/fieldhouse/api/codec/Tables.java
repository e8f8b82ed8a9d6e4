package org.fieldhouse.api.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.jspecify.annotations.Nullable;

/**
 * The words, units and points of one block, each written once in front of its events and then called by its number. One is for
 * writing or for reading.
 */
public final class Tables {
    private static final int MOST = 1 << 24;
    /** Words and points that are remembered from block to block, and their characters. */
    private static final int MOST_KEPT = 1 << 14;

    private static final int MOST_KEPT_CHARS = 1 << 18;

    /** Where something stands in the newest block that had it. */
    private static final class Place {
        int block;
        int index;
    }

    /** The number of the block that is written. Places of earlier ones are as good as none, but need not be made again. */
    private int block = 1;

    private int keptChars;
    private final Map<String, Place> words = new HashMap<>();
    private final List<String> wordList = new ArrayList<>();
    private final Map<Unit, Integer> units = new IdentityHashMap<>();
    private final List<Unit> unitList = new ArrayList<>();
    private final Map<PointId, Place> points = new HashMap<>();
    private final List<PointId> pointList = new ArrayList<>();
    /** The last state of each point in this block, so that a change need not say what was before. */
    private final List<@Nullable State> lastStates = new ArrayList<>();

    /** Starts the next block. */
    public void clear() {
        block++;
        if (words.size() > MOST_KEPT || points.size() > MOST_KEPT || keptChars > MOST_KEPT_CHARS) {
            words.clear();
            points.clear();
            keptChars = 0;
        }
        wordList.clear();
        units.clear();
        unitList.clear();
        pointList.clear();
        lastStates.clear();
    }

    public int word(String word) {
        Place place = words.get(word);
        if (place == null) {
            place = new Place();
            words.put(word, place);
            keptChars += word.length();
        } else if (place.block == block) {
            return place.index;
        }
        place.block = block;
        place.index = wordList.size();
        wordList.add(word);
        return place.index;
    }

    public int unit(Unit unit) {
        Integer known = units.get(unit);
        if (known != null) {
            return known;
        }
        int index = unitList.size();
        units.put(unit, index);
        unitList.add(unit);
        word(unit.symbol());
        return index;
    }

    public int point(PointId point) {
        Place place = points.get(point);
        if (place == null) {
            place = new Place();
            points.put(point, place);
        } else if (place.block == block) {
            return place.index;
        }
        place.block = block;
        place.index = pointList.size();
        pointList.add(point);
        lastStates.add(null);
        word(point.device().value());
        word(point.point());
        return place.index;
    }

    public String word(int index) {
        return at(wordList, index);
    }

    public Unit unitAt(int index) {
        return at(unitList, index);
    }

    public PointId pointAt(int index) {
        return at(pointList, index);
    }

    @Nullable
    public State lastState(int point) {
        return lastStates.get(point);
    }

    public void lastState(int point, State state) {
        lastStates.set(point, state);
    }

    private static <T> T at(List<T> list, int index) {
        if (index < 0 || index >= list.size()) {
            throw new ByteReader.CorruptException("entry " + index + " of a table of " + list.size());
        }
        return list.get(index);
    }

    public void write(ByteWriter out) {
        out.unsigned(wordList.size());
        wordList.forEach(out::text);
        out.unsigned(unitList.size());
        for (Unit unit : unitList) {
            writeUnit(unit, out);
        }
        out.unsigned(pointList.size());
        for (PointId point : pointList) {
            out.unsigned(word(point.device().value()));
            out.unsigned(word(point.point()));
        }
    }

    private void writeUnit(Unit unit, ByteWriter out) {
        out.unsigned(word(unit.symbol()));
        boolean known = Units.find(unit.symbol()).filter(unit::equals).isPresent();
        out.u8(known ? 0 : 1);
        if (!known) {
            out.number(unit.factor());
            out.number(unit.offset());
            Dimension d = unit.dimension();
            int[] exponents = {
                d.length(), d.mass(), d.time(), d.current(), d.temperature(),
                d.amount(), d.luminous(), d.angle(), d.information(), d.level()
            };
            for (int exponent : exponents) {
                out.signed(exponent);
            }
        }
    }

    public static Tables read(ByteReader in) {
        Tables tables = new Tables();
        int words = in.count(Math.min(MOST, in.remaining()));
        for (int i = 0; i < words; i++) {
            tables.wordList.add(in.text());
        }
        int units = in.count(in.remaining());
        for (int i = 0; i < units; i++) {
            tables.unitList.add(tables.readUnit(in));
        }
        int points = in.count(in.remaining());
        Map<Integer, DeviceId> devices = new HashMap<>();
        for (int i = 0; i < points; i++) {
            DeviceId device = devices.computeIfAbsent(in.count(MOST), w -> new DeviceId(tables.word(w)));
            tables.pointList.add(new PointId(device, tables.word(in.count(MOST))));
            tables.lastStates.add(null);
        }
        return tables;
    }

    private Unit readUnit(ByteReader in) {
        String symbol = word(in.count(MOST));
        if (in.u8() == 0) {
            return Units.find(symbol).orElseThrow(() -> new ByteReader.CorruptException("no unit " + symbol));
        }
        double factor = in.number();
        double offset = in.number();
        int[] e = new int[10];
        for (int i = 0; i < e.length; i++) {
            e[i] = (int) in.signed();
        }
        Dimension dimension = new Dimension(e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8], e[9]);
        return new Unit(symbol, dimension, factor, offset);
    }
}
