package org.fieldhouse.runtime.bus;

/**
 * Since the start, exact.
 *
 * @param sequenced events numbered
 * @param reported reports taken in, coalesced ones included
 * @param coalesced reports replaced by a later one of the same point before they had a number
 * @param refused signals refused by a full mailbox
 * @param waiting mailboxes and publications that wait for a number now
 * @param stalls how often the sequencer had to wait for the journal or a WAIT subscription
 */
public record BusCounters(long sequenced, long reported, long coalesced, long refused, int waiting, long stalls) {}
