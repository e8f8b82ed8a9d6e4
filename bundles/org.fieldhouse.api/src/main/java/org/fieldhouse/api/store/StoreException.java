package org.fieldhouse.api.store;

/** The store could not do it: full disk, corrupt page, lost connection. What was readable before still is. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
