package org.fieldhouse.runtime.bus;

/** A reader that the sequencer waits for. */
public interface Gate {
    /** The sequencer may number events up to and including this one; {@link Long#MAX_VALUE} if it need not wait. */
    long limit();
}
