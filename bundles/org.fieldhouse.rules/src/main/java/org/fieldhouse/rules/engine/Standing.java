package org.fieldhouse.rules.engine;

import org.fieldhouse.rules.program.Code.Head;

/**
 * How a declaration stands.
 *
 * @param runs how often it was triggered since it was first loaded
 * @param lastSequence the event that last triggered it; 0 for none
 * @param waiting runs that wait now
 * @param detail for people
 * @param ignored whether the last trigger is known to have been ignored, because earlier runs had not ended
 */
public record Standing(Head head, long runs, long lastSequence, int waiting, String detail, boolean ignored) {
    /** One whose last trigger was not ignored. */
    Standing(Head head, long runs, long lastSequence, int waiting, String detail) {
        this(head, runs, lastSequence, waiting, detail, false);
    }
}
