package org.fieldhouse.api.store;

/**
 * A state at one place of the journal.
 *
 * @param sequence the last event that is contained in it
 * @param data opaque to the store
 */
public record Snapshot(long sequence, byte[] data) {}
