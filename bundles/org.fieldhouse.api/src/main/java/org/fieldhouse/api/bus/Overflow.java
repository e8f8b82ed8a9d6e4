package org.fieldhouse.api.bus;

/** What happens to a subscriber that is behind. Every loss is counted, see {@link Subscription#dropped()}. */
public enum Overflow {
    /** The publishers wait. For the core only: journal, state, rules. */
    WAIT,
    /** The oldest waiting event is dropped: live views. */
    DROP_OLDEST,
    /** The waiting report of the same point is replaced; what is not a report drops the oldest. */
    COALESCE,
    /** The subscription is closed; the subscriber reads on from the journal by cursor. */
    DISCONNECT
}
