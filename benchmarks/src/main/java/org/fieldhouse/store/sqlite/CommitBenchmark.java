package org.fieldhouse.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** One commit of one block. 500 bytes are about 20 reports, what 1,000 a second give in 20 ms. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx128m", "-XX:+UseSerialGC"})
public class CommitBenchmark {
    @Param({"FULL", "NORMAL"})
    public SynchronousMode synchronous = SynchronousMode.FULL;

    @Param({"500", "60000"})
    public int bytes;

    private @Nullable SqliteStore store;
    private @Nullable Path directory;
    private byte[] data = {};
    private long next = 1;

    @Setup
    public void open() throws IOException {
        Path made = Files.createTempDirectory(Path.of("target"), "commit");
        directory = made;
        store = new SqliteStore(made.toAbsolutePath(), Clock.systemUTC(), synchronous);
        data = new byte[bytes];
        new Random(1).nextBytes(data);
    }

    @TearDown
    public void close() throws IOException {
        if (store != null && directory != null) {
            store.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Benchmark
    public void commit() throws StoreException {
        long first = next;
        next += 20;
        if (store != null) {
            store.append(List.of(new JournalBlock(first, next - 1, first, next - 1, data)));
        }
    }
}
