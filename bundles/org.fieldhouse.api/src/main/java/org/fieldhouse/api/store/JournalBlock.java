package org.fieldhouse.api.store;

/**
 * A run of encoded events, the unit of writing. The store does not look inside.
 *
 * @param firstSequence of the first event
 * @param lastSequence of the last event, ≥ first
 * @param firstMicros time of the first event, µs since 1970-01-01T00:00Z
 * @param lastMicros time of the last event
 * @param data the encoded events, with a checksum of the encoder's own
 */
public record JournalBlock(long firstSequence, long lastSequence, long firstMicros, long lastMicros, byte[] data) {}
