package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;

/** A file of the history: a log or a sorted segment. Read under the store's lock. */
interface Part {
    long number();

    Path file();

    /** Size of the file. */
    long bytes();

    /** What is in it. */
    Extent extent();

    /** The chunks of a point in order of time. */
    List<ChunkRef> chunks(PointId point, Damage damage) throws IOException;

    /** The states of a chunk; none if it is damaged. */
    default List<PastState> states(ChunkRef chunk, Damage damage) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            return ChunkForm.read(Records.body(channel, chunk.at(), chunk.length()))
                    .states();
        } catch (CorruptException e) {
            damage.found(file(), chunk.at(), chunk.count() + " states: " + e.getMessage());
            return List.of();
        }
    }
}
