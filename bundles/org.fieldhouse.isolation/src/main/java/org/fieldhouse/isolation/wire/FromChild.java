package org.fieldhouse.isolation.wire;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;

/** What the process says. Nothing of it is believed before it was looked at. */
public sealed interface FromChild {
    /** The first frame. @param token what the process was given on its standard input */
    record Hello(int version, String token) implements FromChild {}

    /** A binding is there. */
    record Bound(int binding, String id, Set<String> types) implements FromChild {}

    /** A binding is gone. */
    record Unbound(int binding) implements FromChild {}

    /** All bundles were told to start. @param trouble what is wrong with them, for people; empty if nothing is */
    record Started(String trouble) implements FromChild {}

    record Pong(long number) implements FromChild {}

    /** The answer to a call. */
    sealed interface Reply extends FromChild {
        long call();
    }

    record Done(long call) implements Reply {}

    /** @param unread paths of settings that nobody read */
    record Created(long call, List<String> unread, Set<String> known, boolean swappable, boolean linkCapable)
            implements Reply {}

    /** @param path of the setting that cannot be used */
    record Refused(long call, String path, String message) implements Reply {}

    record Failed(long call, Kind kind, String message) implements Reply {
        /** What was thrown. */
        public enum Kind {
            /** A BindingException. */
            TROUBLE,
            PERMANENT,
            /** The call was cancelled. */
            INTERRUPTED,
            /** What a binding must not throw. */
            THREW
        }
    }

    record Given(long call, int version, byte[] state) implements Reply {}

    record Answer(long call, boolean yes) implements Reply {}

    /** Something that a device says while it is open. */
    sealed interface Said extends FromChild {
        /** The call that opened it. */
        long opening();
    }

    record Described(long opening, DeviceDescription description) implements Said {}

    /** @param sourceMicros when it was measured, µs since 1970; never 0: the process has stamped it */
    record Reported(long opening, String point, Value value, Quality quality, long sourceMicros) implements Said {}

    record ReportedBad(long opening, String point, String reason) implements Said {}

    record Signalled(long opening, String event, Map<String, Value> arguments) implements Said {}

    record Confirmed(long opening, long command) implements Said {}

    record CommandFailed(long opening, long command, String reason) implements Said {}

    record Condition(long opening, org.fieldhouse.api.model.Status status) implements Said {}

    record ChildCondition(long opening, DeviceId child, org.fieldhouse.api.model.Status status) implements Said {}

    record Lost(long opening, String reason) implements Said {}

    record Malformed(long opening, String what) implements Said {}

    record Offered(long opening, Candidate candidate) implements Said {}

    record Withdrawn(long opening, DeviceId candidate) implements Said {}
}
