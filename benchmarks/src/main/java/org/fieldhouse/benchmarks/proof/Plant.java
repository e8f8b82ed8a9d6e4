package org.fieldhouse.benchmarks.proof;

import java.util.List;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** A runtime with rules as the world outside sees it, in steps of virtual time. One thread. */
interface Plant extends AutoCloseable {
    /** What is said to it. */
    sealed interface Said {}

    record Reported(PointId point, Value value) implements Said {}

    /** A device's event; it carries its number as {@code count}. */
    record Signalled(DeviceId device, String event, long id) implements Said {}

    /** What an operator does to an alarm. */
    record Acted(String alarm, String act, long id) implements Said {}

    /** What it asks of a device; no value gives the slot back. */
    record Asked(PointId point, int slot, @Nullable Value value) {}

    /** @param nextWake when the rules want to be woken, µs since 1970 */
    record Answer(List<Asked> asked, long nextWake) {}

    /** It was killed; what it asked until then was asked. */
    final class Killed extends Exception {
        private static final long serialVersionUID = 1;
        final transient List<Asked> asked;

        Killed(List<Asked> asked) {
            this.asked = List.copyOf(asked);
        }
    }

    /** The highest number of a signal or an act that it still knew when it was started. */
    long known();

    /** When the rules want to be woken, as it was started. */
    long nextWake();

    /** Sets the clock, takes in what is said, and returns when nothing more follows from it and all of it is on disk. */
    Answer step(long micros, List<Said> said) throws Killed;

    @Override
    void close();
}
