package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;
import org.jspecify.annotations.Nullable;

/** A file that never changes, sorted by point. Its index stays on disk: what is in memory does not grow with what is kept. */
final class Segment implements Part {
    static final String SUFFIX = ".seg";
    private static final String UNFINISHED = ".tmp";

    private static final int FIELDS = 56;
    private static final int TAIL = 64;
    private static final long FAR_SECONDS = 1L << 42;
    private static final int END = 0x4e454846;

    private final long number;
    private final Path file;
    private final long bytes;
    private final Extent extent;
    private final long indexAt;
    private final int indexLength;
    /** In place of a damaged index. */
    private volatile @Nullable Map<PointId, List<ChunkRef>> found;

    private Segment(long number, Path file, long bytes, Extent extent, long indexAt, int indexLength) {
        this.number = number;
        this.file = file;
        this.bytes = bytes;
        this.extent = extent;
        this.indexAt = indexAt;
        this.indexLength = indexLength;
    }

    /** Opens a file; if its tail is damaged, by reading all of it. */
    static Segment open(long number, Path file, Damage damage) throws IOException {
        long size;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            size = channel.size();
            if (size >= TAIL) {
                ByteBuffer tail = Records.read(channel, size - TAIL, TAIL);
                CRC32C crc = new CRC32C();
                crc.update(tail.array(), 0, FIELDS);
                if (tail.getInt(FIELDS) == (int) crc.getValue() && tail.getInt(FIELDS + 4) == END) {
                    long at = tail.getLong();
                    int length = (int) tail.getLong();
                    long first = tail.getLong();
                    long last = tail.getLong();
                    long states = tail.getLong();
                    Extent extent = new Extent(states, first, last, tail.getLong(), tail.getLong());
                    return new Segment(number, file, size, extent, at, length);
                }
            }
        }
        damage.found(file, Math.max(0, size - TAIL), "no tail");
        Scan scan = Scan.of(file, damage, false);
        Segment segment = new Segment(number, file, size, scan.extent(), 0, 0);
        segment.found = scan.chunks();
        return segment;
    }

    @Override
    public List<ChunkRef> chunks(PointId point, Damage damage) throws IOException {
        Map<PointId, List<ChunkRef>> known = found;
        if (known == null) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return search(Records.body(channel, indexAt, indexLength), point);
            } catch (CorruptException e) {
                damage.found(file, indexAt, "index: " + e.getMessage());
                known = Scan.of(file, damage, false).chunks();
                found = known;
            }
        }
        return known.getOrDefault(point, List.of());
    }

    private static List<ChunkRef> search(byte[] index, PointId point) {
        ByteWriter name = new ByteWriter(64);
        name(point, name);
        byte[] wanted = name.toBytes();
        ByteReader in = new ByteReader(index);
        int points = in.count(Integer.MAX_VALUE);
        for (int i = 0; i < points; i++) {
            int length = in.count(index.length);
            int at = in.position();
            ByteReader entry = in.slice(length);
            if (length > wanted.length && Arrays.equals(index, at, at + wanted.length, wanted, 0, wanted.length)) {
                entry.slice(wanted.length);
                return places(entry);
            }
        }
        return List.of();
    }

    private static void name(PointId point, ByteWriter out) {
        out.text(point.device().value());
        out.text(point.point());
    }

    private static List<ChunkRef> places(ByteReader entry) {
        int chunks = entry.count(entry.remaining());
        List<ChunkRef> places = new ArrayList<>(chunks);
        for (int c = 0; c < chunks; c++) {
            long at = entry.unsigned();
            int length = entry.count(Records.MOST_BODY);
            int count = entry.count(ChunkForm.MOST_STATES);
            long first = entry.signed();
            places.add(new ChunkRef(at, length, count, first, first + entry.unsigned()));
        }
        return places;
    }

    /** Sorts a log. When this returns the segment is in the log's place on disk; the log is still there. */
    static Segment sort(Log log, Damage damage) throws IOException {
        Path file = sibling(log.file(), SUFFIX);
        Path unfinished = sibling(log.file(), UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(
                            unfinished,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    Batch batch = new Batch()) {
                new Sorting(log, damage, channel, batch).run();
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Directories.force(file);
        return open(log.number(), file, damage);
    }

    private static Path sibling(Path log, String suffix) {
        String name = log.getFileName().toString();
        return log.resolveSibling(name.substring(0, name.length() - Log.SUFFIX.length()) + suffix);
    }

    /** The writing of one segment. */
    private static final class Sorting {
        private final Log log;
        private final Damage damage;
        private final FileChannel channel;
        private final Batch batch;
        private final ByteWriter index = new ByteWriter(4_096);
        private Extent extent = Extent.NONE;
        private long at;

        Sorting(Log log, Damage damage, FileChannel channel, Batch batch) {
            this.log = log;
            this.damage = damage;
            this.channel = channel;
            this.batch = batch;
        }

        void run() throws IOException {
            batch.raw(Records.HEAD);
            List<PointId> points = new ArrayList<>(log.points());
            points.sort(Comparator.comparing(PointId::toString));
            ByteWriter entries = new ByteWriter(4_096);
            int written = 0;
            for (PointId point : points) {
                List<ChunkRef> places = point(point);
                if (!places.isEmpty()) {
                    entry(point, places, entries);
                    written++;
                }
            }
            index.unsigned(written);
            index.raw(entries.array(), entries.size());
            batch.commit(log.extent().cursor(), log.extent().cursorMicros());
            long place = at + batch.pending() + Records.FRONT;
            batch.record(Records.INDEX, index.toBytes());
            tail(place);
            at += batch.write(channel, at);
        }

        private List<ChunkRef> point(PointId point) throws IOException {
            List<ChunkRef> places = new ArrayList<>();
            ChunkWriter writer = new ChunkWriter();
            for (ChunkRef chunk : log.chunks(point, damage)) {
                for (PastState state : log.states(chunk, damage)) {
                    long micros = micros(state.time());
                    long source = micros(state.sourceTime());
                    writer.add(micros, state.value(), state.quality().ordinal(), micros == source, source);
                    if (ChunkForm.isFull(writer)) {
                        places.add(chunk(point, writer));
                        writer = new ChunkWriter();
                    }
                }
            }
            if (writer.count() > 0) {
                places.add(chunk(point, writer));
            }
            return places;
        }

        private ChunkRef chunk(PointId point, ChunkWriter writer) throws IOException {
            ChunkForm form = ChunkForm.of(point, writer);
            int length = batch.chunk(form);
            long place = at + batch.pending() - length - Records.CHECK;
            at += batch.writeIfMuch(channel, at);
            extent = extent.with(form.count(), form.first(), form.last());
            return new ChunkRef(place, length, form.count(), form.first(), form.last());
        }

        private static void entry(PointId point, List<ChunkRef> places, ByteWriter out) {
            ByteWriter entry = new ByteWriter(64 + 24 * places.size());
            name(point, entry);
            entry.unsigned(places.size());
            for (ChunkRef each : places) {
                entry.unsigned(each.at());
                entry.unsigned(each.length());
                entry.unsigned(each.count());
                entry.signed(each.first());
                entry.unsigned(each.last() - each.first());
            }
            out.unsigned(entry.size());
            out.raw(entry.array(), entry.size());
        }

        private void tail(long indexPlace) {
            ByteWriter tail = new ByteWriter(TAIL);
            tail.fixed64(indexPlace);
            tail.fixed64(index.size());
            tail.fixed64(extent.first());
            tail.fixed64(extent.last());
            tail.fixed64(extent.states());
            tail.fixed64(log.extent().cursor());
            tail.fixed64(log.extent().cursorMicros());
            tail.fixed32(Records.check(tail.array(), FIELDS));
            tail.fixed32(END);
            batch.raw(tail.toBytes());
        }
    }

    /** µs since 1970, rounded down; of times that no µs reach, the end of what they do. */
    static long micros(Instant time) {
        long second = Math.max(-FAR_SECONDS, Math.min(FAR_SECONDS, time.getEpochSecond()));
        return second * 1_000_000 + time.getNano() / 1_000;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Extent extent() {
        return extent;
    }
}
