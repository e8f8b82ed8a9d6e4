package org.fieldhouse.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
    @TempDir
    Path directory;

    private SqliteStore store;

    @BeforeEach
    void open() {
        store = new SqliteStore(directory, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    static JournalBlock block(int i, int bytes) {
        byte[] data = new byte[bytes];
        new Random(i).nextBytes(data);
        return new JournalBlock(i * 10L + 1, i * 10L + 10, i * 1_000L, i * 1_000L + 900, data);
    }

    private List<Long> keys(long from) throws StoreException {
        List<Long> keys = new ArrayList<>();
        store.read(from, b -> keys.add(b.firstSequence()));
        return keys;
    }

    @Test
    void blocksComeBackInOrderAlsoAfterReopening() throws Exception {
        store.append(List.of(block(0, 100), block(1, 10_000)));
        store.append(List.of(block(2, 100)));
        store.close();
        open();

        assertThat(keys(0)).containsExactly(1L, 11L, 21L);
        assertThat(keys(11)).containsExactly(11L, 21L);
        assertThat(keys(20)).containsExactly(11L, 21L);
        assertThat(keys(31)).isEmpty();
        assertThat(store.firstSequence()).isEqualTo(1);
        assertThat(store.lastSequence()).isEqualTo(30);
        List<byte[]> data = new ArrayList<>();
        store.read(11, b -> data.add(b.data()) && false);
        assertThat(data.get(0)).isEqualTo(block(1, 10_000).data());
    }

    /** SQLite's last connection of a file copies the log into it and deletes the log by its name, whosever it is by then. */
    @Test
    void aReaderThatOutlivesItsStoreChangesNoFile() throws Exception {
        store.append(List.of(block(0, 100)));
        Path log = directory.resolve("journal.db-wal");
        byte[] before = Files.readAllBytes(log);
        store.read(0, block -> {
            store.close();
            return true;
        });
        assertThat(log).hasBinaryContent(before);

        open();
        assertThat(keys(0)).containsExactly(1L);
    }

    @Test
    void findsBlocksByTime() throws Exception {
        for (int i = 0; i < 50; i++) {
            store.append(List.of(block(i, 10)));
        }
        assertThat(store.findByTime(0)).map(JournalBlock::firstSequence).hasValue(1L);
        assertThat(store.findByTime(900)).map(JournalBlock::firstSequence).hasValue(1L);
        assertThat(store.findByTime(901)).map(JournalBlock::firstSequence).hasValue(11L);
        assertThat(store.findByTime(49_900)).map(JournalBlock::firstSequence).hasValue(491L);
        assertThat(store.findByTime(49_901)).isEmpty();
    }

    @Test
    void keepsTwoSnapshotsOfAName() throws Exception {
        for (int i = 1; i <= 3; i++) {
            store.putSnapshot("a", new Snapshot(i, new byte[] {(byte) i}));
        }
        store.putSnapshot("b", new Snapshot(9, new byte[0]));
        assertThat(store.snapshots("a")).extracting(Snapshot::sequence).containsExactly(3L, 2L);
        assertThat(store.snapshots("b")).hasSize(1);
        assertThat(store.snapshots("c")).isEmpty();
    }

    @Test
    void prunesWholeBlocksAndGivesTheSpaceBack() throws Exception {
        for (int i = 0; i < 100; i++) {
            store.append(List.of(block(i, 10_000)));
        }
        long before = store.size();
        store.prune(905);
        assertThat(store.firstSequence()).isEqualTo(901);
        assertThat(store.size()).isLessThan(before / 5);
    }

    @Test
    void aFullFileRefusesAsAWholeAndTakesTheSameCallLater() throws Exception {
        store.append(List.of(block(0, 100)));
        store.limitPages(20);
        List<JournalBlock> more = List.of(block(1, 50_000), block(2, 50_000));
        assertThatThrownBy(() -> store.append(more))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("full");
        assertThatThrownBy(() -> store.append(more)).isInstanceOf(StoreException.class);
        assertThat(keys(0)).containsExactly(1L);

        store.limitPages(1_000_000);
        store.append(more);
        assertThat(keys(0)).containsExactly(1L, 11L, 21L);
    }
}
