/**
 * The engine: a pure state machine over the journal. It reads no clock, draws no random numbers, starts no threads, writes no
 * log and does no I/O; time comes with the events. One engine belongs to one thread.
 */
@NullMarked
package org.fieldhouse.rules.engine;

import org.jspecify.annotations.NullMarked;
