package org.fieldhouse.api.rules;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The service that shows what the rules do and why. Any thread. */
@ProviderType
public interface RuleBook {
    /** All declarations in force, by file and line. */
    List<RuleInfo> rules();

    /** Why a point is as it is: its last command or report, up to the outside event that began it. */
    Explanation why(PointId point);

    /** Why there was that command. */
    Explanation why(long command);

    /** The zone of the house: its schedules go by it, and explanations tell times in it. */
    default ZoneId zone() {
        return ZoneId.systemDefault();
    }

    /** Why a rule did not run (or did) at that time, with the conditions and their values then. */
    Explanation whyNot(String rule, Instant time);

    /**
     * Sets a durable variable of the rule files.
     *
     * @return completes when it is on disk
     * @throws IllegalArgumentException if there is no such variable or the value does not fit; the message says which would
     */
    CompletionStage<Event> setVariable(String name, Value value, Cue cue);

    /** All alarms, the most urgent first. */
    default List<AlarmInfo> alarms() {
        return List.of();
    }

    /**
     * Acts on an alarm.
     *
     * @param duration how long to shelve; null for as long as the alarm allows
     * @return completes when it is on disk
     * @throws IllegalArgumentException if there is no such alarm, it allows no such duration, or its state no such act
     */
    default CompletionStage<Event> act(String alarm, AlarmAct act, @Nullable Duration duration, Cue cue) {
        throw new IllegalArgumentException("there is no alarm " + alarm);
    }

    /** The functions that bundles contribute, those whose bundle is away included, by name. */
    default List<FunctionSpec> functions() {
        return List.of();
    }

    /** Runs the tests of the files in force, in virtual time and beside what runs. Takes as long as they are many. */
    default TestReport test() {
        return new TestReport(List.of(), List.of());
    }

    /**
     * A tree of reasons.
     *
     * @param text one line
     * @param because what led to it, nearest first
     */
    record Explanation(String text, List<Explanation> because) {
        public Explanation {
            because = List.copyOf(because);
        }
    }
}
