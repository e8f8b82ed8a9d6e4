package org.fieldhouse.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage of every kind: the store opens, gives back what can be read, takes new blocks, and keeps the damaged file. */
class DamageTest {
    private static final int BLOCKS = 200;
    private static final int PAGE = 4_096;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void fill() throws Exception {
        file = directory.resolve("journal.db");
        try (SqliteStore store = open()) {
            for (int i = 0; i < BLOCKS; i++) {
                store.append(List.of(SqliteStoreTest.block(i, 200 + i % 7 * 900)));
            }
            store.putSnapshot("states", new Snapshot(500, new byte[] {1, 2, 3}));
        }
        assertThat(Files.exists(directory.resolve("journal.db-wal"))).isFalse();
    }

    private SqliteStore open() {
        return new SqliteStore(directory, Clock.systemUTC());
    }

    private void overwrite(long position, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private static byte[] garbage(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Blocks that came back as they were written; others must not come back under a wrong number. */
    private static int intact(SqliteStore store) throws StoreException {
        List<JournalBlock> all = new ArrayList<>();
        store.read(0, all::add);
        int same = 0;
        for (JournalBlock block : all) {
            int i = (int) (block.firstSequence() / 10);
            if (i < BLOCKS
                    && Arrays.equals(
                            block.data(),
                            SqliteStoreTest.block(i, 200 + i % 7 * 900).data())) {
                same++;
            }
        }
        return same;
    }

    private void takesNewBlocks(SqliteStore store) throws Exception {
        JournalBlock next = SqliteStoreTest.block(BLOCKS + 5, 3_000);
        store.append(List.of(next));
        assertThat(store.lastSequence()).isEqualTo(next.lastSequence());
        store.putSnapshot("states", new Snapshot(9_999, new byte[] {4}));
        assertThat(store.snapshots("states").get(0).sequence()).isEqualTo(9_999);
    }

    private long kept() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith("journal.corrupt-"))
                    .count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 20, 60, 100})
    void aPageOfGarbageCostsLittle(int page) throws Exception {
        long pages = Files.size(file) / PAGE;
        overwrite((long) page % pages * PAGE, garbage(PAGE, page));
        try (SqliteStore store = open()) {
            assertThat(intact(store)).isGreaterThan(BLOCKS * 3 / 4);
            takesNewBlocks(store);
            assertThat(intact(store)).isGreaterThan(BLOCKS * 3 / 4);
        }
    }

    /** The root of the blocks' tree: what hangs on it cannot be reached any more, so all that can be done is to keep the file. */
    @Test
    void aDamagedRootKeepsTheFile() throws Exception {
        overwrite(2 * PAGE, garbage(PAGE, 2));
        try (SqliteStore store = open()) {
            takesNewBlocks(store);
            assertThat(store.snapshots("states")).extracting(Snapshot::sequence).contains(500L);
            assertThat(kept()).isEqualTo(1);
        }
    }

    @Test
    void aDamagedFirstPageCostsNothing() throws Exception {
        overwrite(0, garbage(PAGE, 1));
        try (SqliteStore store = open()) {
            assertThat(intact(store)).isEqualTo(BLOCKS);
            assertThat(store.snapshots("states")).extracting(Snapshot::sequence).containsExactly(500L);
            takesNewBlocks(store);
            assertThat(kept()).isEqualTo(1);
            assertThat(store.unreadable()).isPositive();
        }
    }

    @Test
    void aTruncatedFileKeepsItsBeginning() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2 + 100);
        }
        try (SqliteStore store = open()) {
            takesNewBlocks(store);
            assertThat(intact(store)).isGreaterThan(BLOCKS / 4);
        }
    }

    @Test
    void aFileOfZerosIsKeptAndAnewOneBegun() throws Exception {
        overwrite(0, new byte[(int) Files.size(file)]);
        try (SqliteStore store = open()) {
            takesNewBlocks(store);
            assertThat(kept()).isEqualTo(1);
        }
    }

    /** Whoever remembers a number of before must not meet another event under it. */
    @Test
    void afterALossNoNumberIsGivenTwice() throws Exception {
        overwrite(0, new byte[(int) Files.size(file)]);
        try (SqliteStore store = open()) {
            Bus bus = new Bus(BusSettings.DEFAULT, store, Clock.systemUTC(), System::nanoTime);
            assertThat(bus.firstSequence()).isGreaterThan(1_000_000_000_000_000L);
            assertThat(((RuntimeStarted)
                                    bus.event(bus.firstSequence()).orElseThrow().fact())
                            .clean())
                    .isFalse();
            bus.stop();
        }
    }

    @Test
    void anEmptyFileIsAnewOne() throws Exception {
        Files.write(file, new byte[0]);
        try (SqliteStore store = open()) {
            takesNewBlocks(store);
        }
    }

    @Test
    void aForeignFileIsKept() throws Exception {
        Files.writeString(file, "this is not a database, but somebody may want it\n".repeat(500));
        try (SqliteStore store = open()) {
            takesNewBlocks(store);
            assertThat(kept()).isEqualTo(1);
        }
    }

    @Test
    void aWriteAheadLogOfGarbageIsIgnored() throws Exception {
        Files.write(directory.resolve("journal.db-wal"), garbage(50_000, 4));
        Files.write(directory.resolve("journal.db-shm"), garbage(32_768, 5));
        try (SqliteStore store = open()) {
            assertThat(intact(store)).isEqualTo(BLOCKS);
            takesNewBlocks(store);
        }
    }

    /** Any few bytes anywhere. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void flippedBytesCostLittle(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            overwrite((long) (random.nextDouble() * Files.size(file)), garbage(2, random.nextLong()));
        }
        try (SqliteStore store = open()) {
            assertThat(intact(store)).isGreaterThan(BLOCKS / 2);
            takesNewBlocks(store);
            assertThat(intact(store)).isGreaterThan(BLOCKS / 2);
        }
    }

    @Test
    void damageUnderTheRunningStoreIsMetAndMended() throws Exception {
        try (SqliteStore store = open()) {
            assertThat(intact(store)).isEqualTo(BLOCKS);
            for (int page = 1; page < Files.size(file) / PAGE; page += 7) {
                overwrite((long) page * PAGE, garbage(PAGE, page));
            }
            for (int i = 0; i < 50; i++) {
                store.append(List.of(SqliteStoreTest.block(BLOCKS + 10 + i, 5_000)));
            }
            takesNewBlocksAfter(store);
        }
        try (SqliteStore store = open()) {
            List<Long> keys = new ArrayList<>();
            store.read((BLOCKS + 10) * 10L, b -> keys.add(b.firstSequence()));
            assertThat(keys).hasSize(51);
        }
    }

    private static void takesNewBlocksAfter(SqliteStore store) throws StoreException {
        store.append(List.of(SqliteStoreTest.block(BLOCKS + 100, 10)));
    }

    @Test
    void aDirectoryThatCannotBeUsedIsAStoreExceptionEachTime() throws Exception {
        Path blocked = directory.resolve("file");
        Files.writeString(blocked, "in the way");
        try (SqliteStore store = new SqliteStore(blocked.resolve("journal"), Clock.systemUTC())) {
            org.assertj.core.api.Assertions.assertThatThrownBy(store::lastSequence)
                    .isInstanceOf(StoreException.class);
            Files.delete(blocked);
            assertThat(store.lastSequence()).isZero();
        }
    }
}
