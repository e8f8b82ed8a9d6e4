package org.fieldhouse.history.store;

/**
 * Where a chunk is.
 *
 * @param at place of its body in the file
 * @param length of its body
 * @param count of its states
 * @param first time of the first, µs since 1970
 * @param last time of the last
 */
record ChunkRef(long at, int length, int count, long first, long last) {
    static ChunkRef of(Records.Front front, ChunkForm chunk) {
        return new ChunkRef(front.body(), front.length(), chunk.count(), chunk.first(), chunk.last());
    }
}
