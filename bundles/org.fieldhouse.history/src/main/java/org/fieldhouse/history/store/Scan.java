package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.model.PointId;

/** Reads a file from front to back and finds what is good in it. */
final class Scan {
    private record Found(PointId point, ChunkRef chunk) {}

    private record Hurt(long at, String why) {}

    private final Path file;
    private final Damage damage;
    private final boolean committedOnly;
    private final Map<PointId, List<ChunkRef>> chunks = new HashMap<>();
    private final List<Found> pending = new ArrayList<>();
    /** What may be damage, or the end of a write that was cut off. */
    private final List<Hurt> doubts = new ArrayList<>();

    private Extent extent = Extent.NONE;
    private long end = Records.HEAD.length;

    private Scan(Path file, Damage damage, boolean committedOnly) {
        this.file = file;
        this.damage = damage;
        this.committedOnly = committedOnly;
    }

    /** @param committedOnly whether chunks count only if a commit follows */
    static Scan of(Path file, Damage damage, boolean committedOnly) throws IOException {
        Scan scan = new Scan(file, damage, committedOnly);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            scan.read(channel);
        }
        return scan;
    }

    Map<PointId, List<ChunkRef>> chunks() {
        return chunks;
    }

    Extent extent() {
        return extent;
    }

    /** Behind the last commit. */
    long end() {
        return end;
    }

    private void read(FileChannel channel) throws IOException {
        long size = channel.size();
        long at = 0;
        if (size >= Records.HEAD.length) {
            byte[] head = Records.read(channel, 0, Records.HEAD.length).array();
            if (Arrays.equals(head, Records.HEAD)) {
                at = Records.HEAD.length;
            } else {
                doubts.add(new Hurt(0, "no heading"));
            }
        }
        while (at < size) {
            Records.Front front;
            try {
                front = Records.front(channel, at, size);
            } catch (CorruptException e) {
                doubts.add(new Hurt(at, String.valueOf(e.getMessage())));
                at = Records.search(channel, at + 1, size);
                continue;
            }
            try {
                take(front, channel);
            } catch (CorruptException e) {
                doubts.add(new Hurt(at, String.valueOf(e.getMessage())));
            }
            at = front.end();
        }
        if (!committedOnly) {
            accept();
        }
    }

    private void take(Records.Front front, FileChannel channel) throws IOException {
        byte[] body = Records.body(channel, front);
        if (front.type() == Records.CHUNK) {
            ChunkForm chunk = ChunkForm.heading(body);
            pending.add(new Found(chunk.point(), ChunkRef.of(front, chunk)));
        } else if (front.type() == Records.COMMIT) {
            ByteReader in = new ByteReader(body);
            extent = extent.at(in.unsigned(), in.signed());
            accept();
            end = front.end();
        }
    }

    private void accept() {
        for (Found each : pending) {
            chunks.computeIfAbsent(each.point, p -> new ArrayList<>(1)).add(each.chunk);
            extent = extent.with(each.chunk.count(), each.chunk.first(), each.chunk.last());
        }
        pending.clear();
        doubts.forEach(each -> damage.found(file, each.at, each.why));
        doubts.clear();
    }
}
