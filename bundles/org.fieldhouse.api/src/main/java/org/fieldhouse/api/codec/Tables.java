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

    private final Map<String, Integer> words = new HashMap<>();
    private final List<String> wordList = new ArrayList<>();
    private final Map<Unit, Integer> units = new IdentityHashMap<>();
    private final List<Unit> unitList = new ArrayList<>();
    private final Map<PointId, Integer> points = new HashMap<>();
    private final List<PointId> pointList = new ArrayList<>();
    /** The last state of each point in this block, so that a change need not say what was before. */
    private final List<@Nullable State> lastStates = new ArrayList<>();

    public void clear() {
        words.clear();
        wordList.clear();
        units.clear();
        unitList.clear();
        points.clear();
        pointList.clear();
        lastStates.clear();
    }

    public int word(String word) {
        Integer known = words.get(word);
        if (known != null) {
            return known;
        }
        int index = wordList.size();
        words.put(word, index);
        wordList.add(word);
        return index;
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
        Integer known = points.get(point);
        if (known != null) {
            return known;
        }
        int index = pointList.size();
        points.put(point, index);
        pointList.add(point);
        lastStates.add(null);
        word(point.device().value());
        word(point.point());
        return index;
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
