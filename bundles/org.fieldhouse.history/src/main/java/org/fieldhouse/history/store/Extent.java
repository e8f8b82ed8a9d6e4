package org.fieldhouse.history.store;

/**
 * What a file holds.
 *
 * @param states their number
 * @param first time of the earliest, µs since 1970; {@link Long#MAX_VALUE} if there is none
 * @param last time of the latest; {@link Long#MIN_VALUE} if there is none
 * @param cursor number of the newest event of the journal that is contained; 0 for none
 * @param cursorMicros its time
 */
record Extent(long states, long first, long last, long cursor, long cursorMicros) {
    static final Extent NONE = new Extent(0, Long.MAX_VALUE, Long.MIN_VALUE, 0, 0);

    Extent with(int count, long from, long to) {
        return new Extent(states + count, Math.min(first, from), Math.max(last, to), cursor, cursorMicros);
    }

    /** A later commit; its number may be lower, after the house got another journal. */
    Extent at(long newCursor, long newMicros) {
        return new Extent(states, first, last, newCursor, newMicros);
    }
}
