package org.fieldhouse.api.model;

/**
 * The classes of writers, strongest first, and the BACnet priority each stands for (ASHRAE 135, clause 19.2.1, table 19-1:
 * 1 is the strongest of sixteen).
 */
public enum PriorityClass {
    /** Automatic life safety (BACnet 2). */
    SAFETY(2),
    /** Manual operator (BACnet 8): a person's hand, on a switch or a screen. */
    MANUAL(8),
    /** Rules, unless they say otherwise (BACnet 12, free use). */
    COMFORT(12),
    /** Saving when nobody needs more (BACnet 15, free use). */
    ECONOMY(15);

    private final int slot;

    PriorityClass(int slot) {
        this.slot = slot;
    }

    /** The slot in the priority array, 1 to 16. */
    public int slot() {
        return slot;
    }
}
