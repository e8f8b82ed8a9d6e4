package org.fieldhouse.api.bus;

/**
 * What came onto the bus since the start, exact: each report taken in got a number, was coalesced, or waits.
 *
 * @param sequenced events numbered
 * @param reported reports of devices taken in, coalesced ones included
 * @param coalesced reports replaced by a later one of the same point before they had a number
 * @param refused signals of devices refused by a full mailbox; their devices were told
 * @param waiting mailboxes and publications that wait for a number now
 */
public record Traffic(long sequenced, long reported, long coalesced, long refused, int waiting) {
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);
}
