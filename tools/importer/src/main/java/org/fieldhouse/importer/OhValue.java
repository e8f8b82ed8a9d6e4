package org.fieldhouse.importer;

import org.jspecify.annotations.Nullable;

/**
 * A part of an expression of openHAB.
 *
 * @param text as it is written here; for a TEXT what stands between its quotes
 */
record OhValue(Kind kind, String text, @Nullable Thing thing) {
    /** What it is. */
    enum Kind {
        CONDITION,
        ITEM,
        GROUP,
        WORD,
        NUMBER,
        TEXT,
        NULL,
        HOUR,
        UNKNOWN
    }

    static OhValue of(Kind kind, String text) {
        return new OhValue(kind, text, null);
    }
}
