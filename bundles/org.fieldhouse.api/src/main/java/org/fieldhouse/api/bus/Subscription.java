package org.fieldhouse.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** A running subscription. */
@ProviderType
public interface Subscription extends AutoCloseable {
    String name();

    /** Events handed to the handler so far. */
    long delivered();

    /** Events dropped or coalesced because the handler was behind; exact. */
    long dropped();

    /** Exceptions that the handler threw. */
    long failures();

    /** Events waiting now. */
    int waiting();

    /** Ends it; when this returns the handler is not running and will not be called again (unless called from the handler). */
    @Override
    void close();
}
