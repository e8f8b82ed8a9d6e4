package org.fieldhouse.api.event;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What happened, in the past tense. The family is closed: journal and engine handle each member; other bundles publish
 * {@link ExternalFact}.
 */
public sealed interface Fact {

    /** A point reported what it already was: same value, same quality. Its times are new. */
    record StateReported(PointId point, State state) implements Fact {}

    /** A point's value or quality is another than before. */
    record StateChanged(PointId point, State before, State after) implements Fact {}

    /** A device said something once: {@code pressed}, with its arguments. */
    record DeviceSignalled(DeviceId device, String event, Map<String, Value> arguments) implements Fact {
        public DeviceSignalled {
            arguments = Map.copyOf(arguments);
        }
    }

    /** A device's condition or the reason for it is another than before. */
    record StatusChanged(DeviceId device, Status before, Status after) implements Fact {}

    /** A device is in the house. */
    record DeviceAdded(DeviceId device, String name) implements Fact {}

    /** A device is called otherwise. */
    record DeviceRenamed(DeviceId device, String before, String after) implements Fact {}

    /** A device says other things of itself than before. */
    record DeviceDescribed(DeviceId device, DeviceDescription description) implements Fact {}

    /** A device is no longer in the house. */
    record DeviceRemoved(DeviceId device, String name) implements Fact {}

    /** Discovery found a device that nobody has accepted yet. */
    record CandidateFound(Candidate candidate) implements Fact {}

    /** A candidate was accepted, or is no longer there. */
    record CandidateGone(DeviceId device) implements Fact {}

    /** A command was valid and is on its way, or waits behind a stronger slot. */
    record CommandAccepted(Command command) implements Fact {}

    /** A command has come to its end. */
    record CommandEnded(long command, CommandResult result) implements Fact {}

    /** What is asked of a point has changed. */
    record PrioritiesChanged(PointId point, PriorityArray priorities) implements Fact {}

    /** A durable variable of the rule files was set. */
    record VariableChanged(String name, @Nullable Value before, Value after) implements Fact {}

    /** A moment that the rule engine asked to be woken at has come. */
    record TimerElapsed(long dueMicros) implements Fact {}

    /** People are to be told something. */
    record NotificationRequested(String recipient, String text) implements Fact {}

    /**
     * A new generation of the configuration is in force.
     *
     * @param generation +1 with each accepted change
     * @param files path within the directory to SHA-256 of its content, of every file of the generation
     * @param changed the paths that differ from the generation before
     */
    record ConfigurationActivated(long generation, Map<String, String> files, List<String> changed) implements Fact {
        public ConfigurationActivated {
            files = Map.copyOf(files);
            changed = List.copyOf(changed);
        }
    }

    /** An edit was not taken; the running generation stays. */
    record ConfigurationRejected(List<Problem> problems) implements Fact {
        public ConfigurationRejected {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The runtime is up.
     *
     * @param stoppedMicros when it was last known to be alive, µs since 1970; 0 at the very first start
     * @param clean whether it was stopped, and not killed
     */
    record RuntimeStarted(long stoppedMicros, boolean clean) implements Fact {}

    /**
     * The wall clock was set, by more than a second, or the machine slept. What lasts ({@code for}, {@code wait}, a hold) lasts as
     * long as it would have; what goes by the clock on the wall goes by the new one. Set forward, the time of events follows with
     * this event. Set back, it does not: from this event on it runs at half speed until the wall clock has caught up with it.
     *
     * @param atMicros time of the bus just before, µs since 1970
     * @param beforeMicros what the wall clock would show now if it had not been set, µs since 1970
     * @param afterMicros what it shows, µs since 1970
     */
    record ClockStepped(long atMicros, long beforeMicros, long afterMicros) implements Fact {}

    /** The runtime is being stopped. */
    record RuntimeStopped() implements Fact {}

    /** Somebody did something that an auditor wants to know. */
    record AuditRecorded(String action, String subject, String detail) implements Fact {}

    /**
     * A fact of another bundle's.
     *
     * @param type reverse-domain name, e.g. {@code com.acme.door.MaintenanceDue}
     */
    record ExternalFact(String type, Map<String, Value> values) implements Fact {
        public ExternalFact {
            values = Map.copyOf(values);
        }
    }
}
