package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.rules.program.Cell;
import org.junit.jupiter.api.Test;

class PointTableTest {
    private final PointTable table = new PointTable();

    private static PointId id(int i) {
        return PointId.of("device-" + i, "value");
    }

    @Test
    void aPointHasOneCellWhicheverObjectNamesIt() {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            assertThat(table.get(id(i))).isNull();
            cells.add(table.of(id(i)));
        }
        // Each time the ids are other objects, as after devices were opened again: far more than the table has places.
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < cells.size(); i++) {
                PointId id = id(i);
                assertThat(table.get(id)).isSameAs(cells.get(i));
                assertThat(table.of(id)).isSameAs(cells.get(i));
            }
        }
        assertThat(table.get(id(5_000))).isNull();
    }

    @Test
    void allAreShownOnce() {
        for (int i = 0; i < 300; i++) {
            table.of(id(i));
            table.of(id(i));
        }
        List<PointId> seen = new ArrayList<>();
        table.forEach((point, cell) -> seen.add(point));
        assertThat(seen).hasSize(300).doesNotHaveDuplicates();
    }

    /** The engine is saved in this order: the same state has to give the same bytes, however it came about. */
    @Test
    void theyCanBeHadByDeviceAndPoint() {
        List<PointId> ids =
                List.of(PointId.of("b", "a"), PointId.of("a-b", "z"), PointId.of("a", "z"), PointId.of("a", "b"));
        ids.forEach(table::of);
        List<PointId> sorted = table.sorted().stream().map(Map.Entry::getKey).toList();
        assertThat(sorted)
                .containsExactly(
                        PointId.of("a", "b"), PointId.of("a", "z"), PointId.of("a-b", "z"), PointId.of("b", "a"));
    }
}
