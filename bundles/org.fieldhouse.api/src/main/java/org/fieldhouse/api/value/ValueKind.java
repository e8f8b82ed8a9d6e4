package org.fieldhouse.api.value;

/** The members of the {@link Value} family. The order is the code used in the journal: append only. */
public enum ValueKind {
    BOOL,
    QUANTITY,
    TEXT,
    CHOICE,
    MOMENT,
    COLOUR
}
