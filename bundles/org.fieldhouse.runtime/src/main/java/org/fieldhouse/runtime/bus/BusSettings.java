package org.fieldhouse.runtime.bus;

import org.fieldhouse.runtime.journal.JournalSettings;

/**
 * How the bus is set.
 *
 * @param recent events kept in memory; a power of two. Also the most that a subscription can be behind without a queue of its own
 * @param signals signals that may wait in one mailbox
 * @param publications publications that may wait for a number
 * @param journal the journal's part
 */
public record BusSettings(int recent, int signals, int publications, JournalSettings journal) {

    public static final BusSettings DEFAULT = new BusSettings(32_768, 256, 8_192, JournalSettings.DEFAULT);

    public BusSettings {
        if (Integer.bitCount(recent) != 1 || recent < 64) {
            throw new IllegalArgumentException("recent " + recent + " is not a power of two from 64 on");
        }
    }

    public BusSettings withBounds(int newRecent, int newSignals, int newPublications) {
        return new BusSettings(newRecent, newSignals, newPublications, journal);
    }

    public BusSettings withJournal(JournalSettings newJournal) {
        return new BusSettings(recent, signals, publications, newJournal);
    }
}
