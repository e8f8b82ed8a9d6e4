package org.fieldhouse.api.store;

/**
 * How the journal is.
 *
 * @param trouble why it cannot be written now, for people; empty if it can
 * @param pending events that are not on disk yet
 * @param missing events of this run that are not and will not be on disk; exact
 * @param missingFrom number of the first of the newest such run of events; 0 if there is none
 * @param missingTo number of the last of them
 * @param unreadable blocks, snapshots and events that could not be read since the start
 * @param bytes on disk; −1 if the store cannot say
 */
public record JournalStatus(
        String trouble, long pending, long missing, long missingFrom, long missingTo, long unreadable, long bytes) {
    public static final JournalStatus FINE = new JournalStatus("", 0, 0, 0, 0, 0, -1);

    /** Whether everything so far is, or will soon be, on disk. */
    public boolean isWritable() {
        return trouble.isEmpty();
    }
}
