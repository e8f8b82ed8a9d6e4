package org.fieldhouse.runtime.journal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.CommandCodec;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.event.Fact.CandidateFound;
import org.fieldhouse.api.event.Fact.CandidateGone;
import org.fieldhouse.api.event.Fact.ClockStepped;
import org.fieldhouse.api.event.Fact.CommandAccepted;
import org.fieldhouse.api.event.Fact.CommandEnded;
import org.fieldhouse.api.event.Fact.ConfigurationActivated;
import org.fieldhouse.api.event.Fact.ConfigurationRejected;
import org.fieldhouse.api.event.Fact.DeviceAdded;
import org.fieldhouse.api.event.Fact.DeviceDescribed;
import org.fieldhouse.api.event.Fact.DeviceRemoved;
import org.fieldhouse.api.event.Fact.DeviceRenamed;
import org.fieldhouse.api.event.Fact.DeviceSignalled;
import org.fieldhouse.api.event.Fact.ExternalFact;
import org.fieldhouse.api.event.Fact.NotificationRequested;
import org.fieldhouse.api.event.Fact.PrioritiesChanged;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.event.Fact.RuntimeStopped;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.event.Fact.StatusChanged;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.event.Fact.VariableChanged;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;

/**
 * Every fact as bytes. The first byte is its type and version: {@code type << 2 | version}. A change of a fact's form takes the next
 * version, and the reader keeps the older ones; a reader that meets one it does not know skips the event. Long because the family
 * of facts is long: one case to write and one to read for each.
 */
final class FactCodec {
    private static final CommandResult.Outcome[] OUTCOMES = CommandResult.Outcome.values();
    private static final Problem.Severity[] SEVERITIES = Problem.Severity.values();

    private static final int STATE_REPORTED = 1 << 2;
    private static final int STATE_CHANGED = 2 << 2;
    private static final int DEVICE_SIGNALLED = 3 << 2;
    private static final int STATUS_CHANGED = 4 << 2;
    private static final int DEVICE_ADDED = 5 << 2;
    private static final int DEVICE_RENAMED = 6 << 2;
    private static final int DEVICE_DESCRIBED = 7 << 2;
    private static final int DEVICE_REMOVED = 8 << 2;
    private static final int CANDIDATE_FOUND = 9 << 2;
    private static final int CANDIDATE_GONE = 10 << 2;
    private static final int COMMAND_ACCEPTED = 11 << 2;
    private static final int COMMAND_ENDED = 12 << 2;
    private static final int PRIORITIES_CHANGED = 13 << 2;
    private static final int VARIABLE_CHANGED = 14 << 2;
    private static final int TIMER_ELAPSED = 15 << 2;
    private static final int NOTIFICATION_REQUESTED = 16 << 2;
    private static final int CONFIGURATION_ACTIVATED = 17 << 2;
    private static final int CONFIGURATION_REJECTED = 18 << 2;
    private static final int RUNTIME_STARTED = 19 << 2;
    private static final int RUNTIME_STOPPED = 20 << 2;
    private static final int AUDIT_RECORDED = 21 << 2;
    private static final int EXTERNAL_FACT = 22 << 2;
    private static final int CLOCK_STEPPED = 23 << 2;

    private FactCodec() {}

    /** A type or version of a fact that this reader does not know. */
    static final class UnknownFactException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownFactException(int code) {
            super("fact type " + (code >> 2) + " version " + (code & 3), null, false, false);
        }
    }

    static void write(Fact fact, long micros, ByteWriter out, Tables t) {
        if (fact instanceof StateReported f) {
            out.unsigned(STATE_REPORTED);
            int point = t.point(f.point());
            out.unsigned(point);
            ValueCodec.write(f.state(), micros, out, t);
            t.lastState(point, f.state());
        } else if (fact instanceof StateChanged f) {
            out.unsigned(STATE_CHANGED);
            writeChange(f, micros, out, t);
        } else if (fact instanceof DeviceSignalled f) {
            out.unsigned(DEVICE_SIGNALLED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.word(f.event(), out, t);
            ValueCodec.write(f.arguments(), out, t);
        } else if (fact instanceof CommandAccepted f) {
            out.unsigned(COMMAND_ACCEPTED);
            CommandCodec.write(f.command(), micros, out, t);
        } else if (fact instanceof CommandEnded f) {
            out.unsigned(COMMAND_ENDED);
            out.signed(f.command());
            out.u8(f.result().outcome().ordinal());
            ModelCodec.word(f.result().reason(), out, t);
        } else if (fact instanceof PrioritiesChanged f) {
            out.unsigned(PRIORITIES_CHANGED);
            out.unsigned(t.point(f.point()));
            ModelCodec.priorities(f.priorities(), out, t);
        } else if (fact instanceof TimerElapsed f) {
            out.unsigned(TIMER_ELAPSED);
            out.signed(f.dueMicros());
        } else if (fact instanceof VariableChanged f) {
            out.unsigned(VARIABLE_CHANGED);
            ModelCodec.word(f.name(), out, t);
            ValueCodec.writeNullable(f.before(), out, t);
            ValueCodec.write(f.after(), out, t);
        } else if (fact instanceof NotificationRequested f) {
            out.unsigned(NOTIFICATION_REQUESTED);
            ModelCodec.word(f.recipient(), out, t);
            out.text(f.text());
        } else if (fact instanceof ExternalFact f) {
            out.unsigned(EXTERNAL_FACT);
            ModelCodec.word(f.type(), out, t);
            ValueCodec.write(f.values(), out, t);
        } else {
            writeRare(fact, out, t);
        }
    }

    private static void writeRare(Fact fact, ByteWriter out, Tables t) {
        if (fact instanceof StatusChanged f) {
            out.unsigned(STATUS_CHANGED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.status(f.before(), out, t);
            ModelCodec.status(f.after(), out, t);
        } else if (fact instanceof DeviceAdded f) {
            out.unsigned(DEVICE_ADDED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.word(f.name(), out, t);
        } else if (fact instanceof DeviceRenamed f) {
            out.unsigned(DEVICE_RENAMED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.word(f.before(), out, t);
            ModelCodec.word(f.after(), out, t);
        } else if (fact instanceof DeviceDescribed f) {
            out.unsigned(DEVICE_DESCRIBED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.description(f.description(), out, t);
        } else if (fact instanceof DeviceRemoved f) {
            out.unsigned(DEVICE_REMOVED);
            ModelCodec.device(f.device(), out, t);
            ModelCodec.word(f.name(), out, t);
        } else if (fact instanceof CandidateFound f) {
            out.unsigned(CANDIDATE_FOUND);
            ModelCodec.candidate(f.candidate(), out, t);
        } else if (fact instanceof CandidateGone f) {
            out.unsigned(CANDIDATE_GONE);
            ModelCodec.device(f.device(), out, t);
        } else if (fact instanceof ConfigurationActivated f) {
            out.unsigned(CONFIGURATION_ACTIVATED);
            out.signed(f.generation());
            ModelCodec.words(f.files(), out, t);
            ModelCodec.list(f.changed(), out, (path, o) -> ModelCodec.word(path, o, t));
        } else if (fact instanceof ConfigurationRejected f) {
            out.unsigned(CONFIGURATION_REJECTED);
            ModelCodec.list(f.problems(), out, (problem, o) -> writeProblem(problem, o, t));
        } else if (fact instanceof RuntimeStarted f) {
            out.unsigned(RUNTIME_STARTED);
            out.signed(f.stoppedMicros());
            out.u8(f.clean() ? 1 : 0);
        } else if (fact instanceof RuntimeStopped) {
            out.unsigned(RUNTIME_STOPPED);
        } else if (fact instanceof ClockStepped f) {
            out.unsigned(CLOCK_STEPPED);
            out.signed(f.atMicros());
            out.signed(f.beforeMicros());
            out.signed(f.afterMicros());
        } else if (fact instanceof AuditRecorded f) {
            out.unsigned(AUDIT_RECORDED);
            ModelCodec.word(f.action(), out, t);
            ModelCodec.word(f.subject(), out, t);
            out.text(f.detail());
        } else {
            throw new IllegalStateException("no code for " + fact.getClass());
        }
    }

    static Fact read(long micros, ByteReader in, Tables t) {
        int code = in.count(1 << 20);
        return switch (code) {
            case STATE_REPORTED -> {
                int point = in.count(ValueCodec.MOST);
                PointId id = t.pointAt(point);
                State state = ValueCodec.readState(micros, in, t);
                t.lastState(point, state);
                yield new StateReported(id, state);
            }
            case STATE_CHANGED -> readChange(micros, in, t);
            case DEVICE_SIGNALLED -> {
                DeviceId device = ModelCodec.device(in, t);
                String event = ModelCodec.word(in, t);
                yield new DeviceSignalled(device, event, ValueCodec.readMap(in, t));
            }
            case COMMAND_ACCEPTED -> new CommandAccepted(CommandCodec.read(micros, in, t));
            case COMMAND_ENDED -> {
                long command = in.signed();
                CommandResult.Outcome outcome = ModelCodec.member(OUTCOMES, in.u8());
                yield new CommandEnded(command, new CommandResult(outcome, ModelCodec.word(in, t)));
            }
            case PRIORITIES_CHANGED -> {
                PointId point = t.pointAt(in.count(ValueCodec.MOST));
                yield new PrioritiesChanged(point, ModelCodec.priorities(in, t));
            }
            case TIMER_ELAPSED -> new TimerElapsed(in.signed());
            case VARIABLE_CHANGED -> {
                String name = ModelCodec.word(in, t);
                Value before = ValueCodec.readNullable(in, t);
                yield new VariableChanged(name, before, ValueCodec.read(in, t));
            }
            case NOTIFICATION_REQUESTED -> {
                String recipient = ModelCodec.word(in, t);
                yield new NotificationRequested(recipient, in.text());
            }
            case EXTERNAL_FACT -> {
                String type = ModelCodec.word(in, t);
                yield new ExternalFact(type, ValueCodec.readMap(in, t));
            }
            default -> readRare(code, in, t);
        };
    }

    private static Fact readRare(int code, ByteReader in, Tables t) {
        return switch (code) {
            case STATUS_CHANGED -> {
                DeviceId device = ModelCodec.device(in, t);
                var before = ModelCodec.status(in, t);
                yield new StatusChanged(device, before, ModelCodec.status(in, t));
            }
            case DEVICE_ADDED -> {
                DeviceId device = ModelCodec.device(in, t);
                yield new DeviceAdded(device, ModelCodec.word(in, t));
            }
            case DEVICE_RENAMED -> {
                DeviceId device = ModelCodec.device(in, t);
                String before = ModelCodec.word(in, t);
                yield new DeviceRenamed(device, before, ModelCodec.word(in, t));
            }
            case DEVICE_DESCRIBED -> {
                DeviceId device = ModelCodec.device(in, t);
                yield new DeviceDescribed(device, ModelCodec.description(in, t));
            }
            case DEVICE_REMOVED -> {
                DeviceId device = ModelCodec.device(in, t);
                yield new DeviceRemoved(device, ModelCodec.word(in, t));
            }
            case CANDIDATE_FOUND -> new CandidateFound(ModelCodec.candidate(in, t));
            case CANDIDATE_GONE -> new CandidateGone(ModelCodec.device(in, t));
            case CONFIGURATION_ACTIVATED -> {
                long generation = in.signed();
                Map<String, String> files = ModelCodec.words(in, t);
                List<String> changed = ModelCodec.list(in, i -> ModelCodec.word(i, t));
                yield new ConfigurationActivated(generation, files, changed);
            }
            case CONFIGURATION_REJECTED -> new ConfigurationRejected(ModelCodec.list(in, i -> readProblem(i, t)));
            case RUNTIME_STARTED -> {
                long stopped = in.signed();
                yield new RuntimeStarted(stopped, in.u8() != 0);
            }
            case RUNTIME_STOPPED -> new RuntimeStopped();
            case CLOCK_STEPPED -> {
                long at = in.signed();
                long before = in.signed();
                yield new ClockStepped(at, before, in.signed());
            }
            case AUDIT_RECORDED -> {
                String action = ModelCodec.word(in, t);
                String subject = ModelCodec.word(in, t);
                yield new AuditRecorded(action, subject, in.text());
            }
            default -> throw new UnknownFactException(code);
        };
    }

    /** What was before is mostly what this block said last of the point: then it is one byte. */
    private static void writeChange(StateChanged f, long micros, ByteWriter out, Tables t) {
        int point = t.point(f.point());
        out.unsigned(point);
        boolean same = Objects.equals(t.lastState(point), f.before());
        out.u8(same ? 1 : 0);
        if (!same) {
            ValueCodec.write(f.before(), micros, out, t);
        }
        ValueCodec.write(f.after(), micros, out, t);
        t.lastState(point, f.after());
    }

    private static StateChanged readChange(long micros, ByteReader in, Tables t) {
        int point = in.count(ValueCodec.MOST);
        PointId id = t.pointAt(point);
        State before = in.u8() == 1 ? t.lastState(point) : ValueCodec.readState(micros, in, t);
        State after = ValueCodec.readState(micros, in, t);
        t.lastState(point, after);
        return new StateChanged(id, before == null ? State.NONE : before, after);
    }

    private static void writeProblem(Problem p, ByteWriter out, Tables t) {
        out.u8(p.severity().ordinal());
        ModelCodec.word(p.code(), out, t);
        ModelCodec.word(p.place().file(), out, t);
        out.signed(p.place().line());
        out.signed(p.place().column());
        out.signed(p.place().length());
        out.text(p.message());
    }

    private static Problem readProblem(ByteReader in, Tables t) {
        Problem.Severity severity = ModelCodec.member(SEVERITIES, in.u8());
        String code = ModelCodec.word(in, t);
        String file = ModelCodec.word(in, t);
        int line = (int) in.signed();
        int column = (int) in.signed();
        SourceSpan place = new SourceSpan(file, line, column, (int) in.signed());
        return new Problem(severity, code, place, in.text());
    }
}
