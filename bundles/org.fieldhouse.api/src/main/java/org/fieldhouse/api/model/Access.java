package org.fieldhouse.api.model;

/** What can be done with a point. The order is the code used in the journal: append only. */
public enum Access {
    READ,
    WRITE,
    READ_WRITE;

    public boolean readable() {
        return this != WRITE;
    }

    public boolean writable() {
        return this != READ;
    }
}
