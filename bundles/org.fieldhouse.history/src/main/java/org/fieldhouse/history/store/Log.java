package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.model.PointId;

/** A file that grows. Written by one thread; what it holds changes under the store's lock for writing. */
final class Log implements Part {
    static final String SUFFIX = ".log";

    private final long number;
    private final Path file;
    private final Map<PointId, List<ChunkRef>> chunks;
    private volatile Extent extent;
    private volatile long end;

    private Log(long number, Path file, Scan scan) {
        this.number = number;
        this.file = file;
        chunks = scan.chunks();
        extent = scan.extent();
        end = scan.end();
    }

    static Log create(long number, Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.truncate(0);
            ByteWriter head = new ByteWriter(Records.HEAD.length);
            head.raw(Records.HEAD, Records.HEAD.length);
            Records.writeFully(channel, head, 0);
            channel.force(true);
        }
        Directories.force(file);
        return open(number, file, new Damage());
    }

    static Log open(long number, Path file, Damage damage) throws IOException {
        return new Log(number, file, Scan.of(file, damage, true));
    }

    /** Cuts off what stands behind the last commit. */
    void trim() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
        }
    }

    /** Where chunks went. */
    record Written(List<ChunkForm> chunks, List<ChunkRef> places, long end) {}

    /** Writes chunks and a commit behind the last commit; they count when {@link #add} was called. */
    Written write(List<ChunkForm> forms, Batch batch, long cursor, long micros) throws IOException {
        List<ChunkRef> places = new ArrayList<>(forms.size());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long at = end;
            for (ChunkForm form : forms) {
                int length = batch.chunk(form);
                long place = at + batch.pending() - length - Records.CHECK;
                places.add(new ChunkRef(place, length, form.count(), form.first(), form.last()));
                at += batch.writeIfMuch(channel, at);
            }
            batch.commit(cursor, micros);
            at += batch.write(channel, at);
            channel.force(true);
            return new Written(forms, places, at);
        }
    }

    void add(Written written, long cursor, long micros) {
        Extent now = extent.at(cursor, micros);
        for (int i = 0; i < written.places.size(); i++) {
            ChunkRef place = written.places.get(i);
            chunks.computeIfAbsent(written.chunks.get(i).point(), p -> new ArrayList<>(1))
                    .add(place);
            now = now.with(place.count(), place.first(), place.last());
        }
        extent = now;
        end = written.end;
    }

    Set<PointId> points() {
        return chunks.keySet();
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
        return end;
    }

    @Override
    public Extent extent() {
        return extent;
    }

    @Override
    public List<ChunkRef> chunks(PointId point, Damage damage) {
        return List.copyOf(chunks.getOrDefault(point, List.of()));
    }
}
