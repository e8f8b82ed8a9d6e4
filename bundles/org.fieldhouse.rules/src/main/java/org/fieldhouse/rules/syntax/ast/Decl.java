package org.fieldhouse.rules.syntax.ast;

import java.util.List;
import org.fieldhouse.rules.syntax.ast.Expr.TextLit;
import org.jspecify.annotations.Nullable;

/**
 * A declaration of a rule file. Its identity is {@link #kind()} and {@link #key()}; both survive every edit of the
 * content, and the content has a hash of its own (see {@code ContentHash}).
 */
public sealed interface Decl extends Node {

    /** The keyword that opens it. */
    String kind();

    /** What it is known by among its kind; for a control the point it holds. */
    default String key() {
        return name().text();
    }

    /** What holds a point is one in its class; in another class there may be another. */
    private static String inClass(String name, @Nullable Name priority) {
        return priority == null || priority.text().equals("comfort") ? name : name + " class " + priority.text();
    }

    /** The name as written. For what has none, the first reference in it. */
    Name name();

    /** {@code rule "…" when … if … mode … do … end}. */
    record Rule(
            Name name,
            List<Edge> triggers,
            @Nullable Expr condition,
            @Nullable Mode mode,
            @Nullable Outage outage,
            @Nullable Name priority,
            List<Stmt> body,
            Span span)
            implements Decl {
        public Rule {
            triggers = List.copyOf(triggers);
            body = List.copyOf(body);
        }

        @Override
        public String kind() {
            return "rule";
        }
    }

    /**
     * What a second trigger does while the first still waits.
     *
     * @param limit N of queue and parallel; 1 for the others
     */
    record Mode(ModeKind kind, int limit, Span span) implements Node {}

    /** The four modes. */
    enum ModeKind {
        SINGLE,
        RESTART,
        QUEUE,
        PARALLEL
    }

    /** What a waiting run does when the runtime was down past its time. */
    enum Outage {
        RESUME,
        SKIP,
        FIRE
    }

    /** {@code control P class comfort on when … off when … hold at least … fail … end}. */
    record Control(
            Ref target,
            @Nullable Name priority,
            List<ControlBranch> branches,
            @Nullable Expr holdAtLeast,
            @Nullable ControlFail fail,
            Span span)
            implements Decl {
        public Control {
            branches = List.copyOf(branches);
        }

        @Override
        public String kind() {
            return "control";
        }

        @Override
        public Name name() {
            return new Name(target.toString(), target.span());
        }

        @Override
        public String key() {
            return inClass(name().text(), priority);
        }
    }

    /** {@code on when Living.Temp < 20 °C}. */
    record ControlBranch(Expr value, Expr condition, Span span) implements Node {}

    /**
     * {@code fail off when Living.Temp is bad for 15 min}.
     *
     * @param condition null: as soon as neither branch can be decided
     */
    record ControlFail(Expr value, @Nullable Expr condition, Span span) implements Node {}

    /**
     * {@code while … class … keep P = v, Q = w otherwise P = x end}.
     *
     * @param otherwise empty: the slot is released when the condition ends
     */
    record Keep(Expr condition, @Nullable Name priority, List<Assignment> keep, List<Assignment> otherwise, Span span)
            implements Decl {
        public Keep {
            keep = List.copyOf(keep);
            otherwise = List.copyOf(otherwise);
        }

        @Override
        public String kind() {
            return "while";
        }

        /** The points it keeps, in order. */
        @Override
        public Name name() {
            StringBuilder all = new StringBuilder();
            for (Assignment each : keep) {
                all.append(all.isEmpty() ? "" : ", ").append(each.target());
            }
            return new Name(all.toString(), keep.isEmpty() ? span : keep.get(0).span());
        }

        @Override
        public String key() {
            return inClass(name().text(), priority);
        }
    }

    /** {@code sequence "…" when … require … step … on fail … end}. */
    record Sequence(
            Name name,
            List<Edge> triggers,
            List<Expr> require,
            @Nullable Mode mode,
            @Nullable Outage outage,
            @Nullable Name priority,
            List<Step> steps,
            List<Stmt> onFail,
            Span span)
            implements Decl {
        public Sequence {
            triggers = List.copyOf(triggers);
            require = List.copyOf(require);
            steps = List.copyOf(steps);
            onFail = List.copyOf(onFail);
        }

        @Override
        public String kind() {
            return "sequence";
        }
    }

    /** One named step of a sequence. */
    record Step(Name name, List<Stmt> body, Span span) implements Node {
        public Step {
            body = List.copyOf(body);
        }
    }

    /**
     * {@code alarm X priority critical when … clear when … end}.
     *
     * @param when null: raised by {@code raise alarm} only
     * @param clear null: returns as soon as {@code when} is false, or by {@code clear alarm}
     * @param suppress while true the alarm is suppressed by design; null for never
     */
    record Alarm(
            Name name,
            AlarmPriority priority,
            @Nullable Expr when,
            @Nullable Expr clear,
            @Nullable Expr suppress,
            boolean requiresAck,
            @Nullable TextLit message,
            List<Name> recipients,
            List<Escalation> escalations,
            @Nullable Expr shelveAtMost,
            Span span)
            implements Decl {
        public Alarm {
            recipients = List.copyOf(recipients);
            escalations = List.copyOf(escalations);
        }

        @Override
        public String kind() {
            return "alarm";
        }
    }

    /** ISA-18.2 priorities, most urgent first. */
    enum AlarmPriority {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW
    }

    /** {@code escalate to Supervisor after 5 min unless acked}. */
    record Escalation(Name to, Expr after, boolean unlessAcked, Span span) implements Node {}

    /** {@code link A -> B copy onoff, brightness run at device else gateway end}. */
    record Link(Ref from, Ref to, List<Name> copy, RunAt runAt, Span span) implements Decl {
        public Link {
            copy = List.copyOf(copy);
        }

        @Override
        public String kind() {
            return "link";
        }

        @Override
        public Name name() {
            return new Name(from + " -> " + to, from.span());
        }
    }

    /** Where a link may run. */
    enum RunAt {
        DEVICE_ELSE_GATEWAY,
        DEVICE,
        GATEWAY
    }

    /** {@code scene Evening … end}. */
    record Scene(Name name, List<Assignment> assignments, Span span) implements Decl {
        public Scene {
            assignments = List.copyOf(assignments);
        }

        @Override
        public String kind() {
            return "scene";
        }
    }

    /**
     * {@code group Windows = Kitchen.Window, Bath.Window} or {@code group Lights = every light in Kitchen tagged night}.
     *
     * @param members devices, points or groups
     * @param selector null when members are listed
     */
    record Group(Name name, List<Ref> members, @Nullable Selector selector, Span span) implements Decl {
        public Group {
            members = List.copyOf(members);
        }

        @Override
        public String kind() {
            return "group";
        }
    }

    /** {@code every light in Kitchen tagged night}; area and tag are null when not asked for. */
    record Selector(Name deviceKind, @Nullable Name area, @Nullable Name tag, Span span) implements Node {}

    /**
     * {@code variable Guests = off}, {@code variable Mode: home | away = home}.
     *
     * @param choices the values it may take; empty: the type of the initial value
     */
    record Variable(Name name, List<Name> choices, Expr initial, Span span) implements Decl {
        public Variable {
            choices = List.copyOf(choices);
        }

        @Override
        public String kind() {
            return "variable";
        }
    }

    /** {@code counter P1Hours measures time while P1 is on}. */
    record Counter(Name name, Measure measure, @Nullable Reset reset, Span span) implements Decl {
        @Override
        public String kind() {
            return "counter";
        }
    }

    /** What a counter counts. */
    sealed interface Measure extends Node {}

    /** {@code measures time while …}. */
    record TimeWhile(Expr condition, Span span) implements Measure {}

    /** {@code integrates P1.power in kWh}. */
    record Integrates(Expr value, Name unit, Span span) implements Measure {}

    /** {@code counts Front.Door turns open}. */
    record Counts(Edge edge, Span span) implements Measure {}

    /**
     * {@code reset monthly at 00:00}, {@code reset when P1.Service pressed}.
     *
     * @param period null when {@code when} says it
     */
    record Reset(@Nullable Period period, @Nullable Expr at, @Nullable Edge when, Span span) implements Node {}

    /** Calendar periods of a reset: the first day of each. */
    enum Period {
        HOURLY,
        DAILY,
        WEEKLY,
        MONTHLY,
        YEARLY
    }

    /**
     * {@code upload Tank1.Level to PlantCloud when changed by 1 % or every 15 min buffer 7 days in order end}.
     *
     * @param changed whether a change sends
     * @param by least change; null for any
     * @param every null: only on change
     * @param buffer how long is kept while the other side is away; null for the uplink's default
     */
    record Upload(
            List<Ref> points,
            Name to,
            boolean changed,
            @Nullable Expr by,
            @Nullable Expr every,
            @Nullable Expr buffer,
            boolean inOrder,
            Span span)
            implements Decl {
        public Upload {
            points = List.copyOf(points);
        }

        @Override
        public String kind() {
            return "upload";
        }

        @Override
        public Name name() {
            StringBuilder all = new StringBuilder(to.text()).append(':');
            points.forEach(point -> all.append(' ').append(point));
            return new Name(all.toString(), to.span());
        }
    }

    /** {@code test "…" given … at … expect … end}. */
    record Test(Name name, List<TestStep> given, List<TimedStep> steps, Span span) implements Decl {
        public Test {
            given = List.copyOf(given);
            steps = List.copyOf(steps);
        }

        @Override
        public String kind() {
            return "test";
        }
    }

    /** A step of a test with its time from the start, in the order of the text. */
    record TimedStep(Expr at, TestStep step, Span span) implements Node {}

    /** {@code expect Hall.Motion: motion}: a device that is not there yet. */
    record Expect(Ref device, Name type, Span span) implements Decl {
        @Override
        public String kind() {
            return "expect";
        }

        @Override
        public Name name() {
            return device.path();
        }
    }

    /** A declaration with a syntax error: its name is known, its content is not. */
    record Broken(String kind, Name name, Span span) implements Decl {}
}
