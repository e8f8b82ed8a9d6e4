package org.fieldhouse.runtime.journal;

import org.fieldhouse.api.store.StoreException;

/**
 * What is wrong with the journal, and what is not in it for good.
 *
 * @param message why it cannot be written now; empty if it can
 * @param missing events of this run that were never written; exact
 * @param from the first of them; 0 if there is none
 * @param to the last of them; what lies between may be there in part
 * @param told whether the missing events have been recorded in the journal itself
 */
public record JournalTrouble(String message, long missing, long from, long to, boolean told) {
    public static final JournalTrouble NONE = new JournalTrouble("", 0, 0, 0, true);

    public boolean failing() {
        return !message.isEmpty();
    }

    JournalTrouble failed(String why) {
        return new JournalTrouble(why.isEmpty() ? "the store failed" : why, missing, from, to, told);
    }

    JournalTrouble lost(long first, long last) {
        long start = missing == 0 || told ? first : from;
        return new JournalTrouble(message, missing + last - first + 1, start, last, false);
    }

    JournalTrouble over() {
        return new JournalTrouble("", missing, from, to, true);
    }

    StoreException exception() {
        return new StoreException("the journal cannot be written: " + message);
    }
}
