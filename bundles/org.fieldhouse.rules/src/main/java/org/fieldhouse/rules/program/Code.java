package org.fieldhouse.rules.program;

import java.util.List;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/** A declaration in executable form. */
public sealed interface Code {
    Head head();

    /**
     * @param id kind and key: what stays while the content is edited
     * @param identity see {@link CheckedDecl#identity}
     * @param file path within the configuration directory
     * @param line 1-based
     */
    record Head(String id, String identity, String kind, String name, String file, int line) {}

    /**
     * A rule, or a sequence: a body that triggers start.
     *
     * @param condition null for none
     * @param mode what a second trigger does while a run waits
     * @param limit N of queue and parallel
     * @param slot place in the priority array
     * @param locals how many values a run keeps
     * @param failPc where a failed run goes on; −1: it ends
     * @param marks names of the steps of a sequence by their first operation, ascending
     * @param require all must be true when a sequence starts
     */
    record Body(
            Head head,
            List<Trigger> triggers,
            @Nullable Cond condition,
            Decl.ModeKind mode,
            int limit,
            Decl.Outage outage,
            int slot,
            List<Op> ops,
            int locals,
            int failPc,
            List<Mark> marks,
            List<Requirement> require)
            implements Code {
        public Body {
            triggers = List.copyOf(triggers);
            ops = List.copyOf(ops);
            marks = List.copyOf(marks);
            require = List.copyOf(require);
        }

        /** Whether a run can outlive the event that starts it. */
        public boolean waits() {
            for (Op op : ops) {
                if (op instanceof Op.Wait
                        || op instanceof Op.WaitUntil
                        || op instanceof Op.Invoke call && call.await() != null) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A step of a sequence begins. */
    record Mark(int pc, String name) {}

    /** A permissive, and its text for the message. */
    record Requirement(Cond condition, String text, int line) {}

    /**
     * Holds points as levels say.
     *
     * @param branches in the order of the text: the first that is true counts
     * @param otherwise what holds when none is true: null keeps what was last
     * @param holdSeconds least time between two switches; null for none
     * @param fail what to hold when nothing can be decided; null for what was last
     */
    record Level(
            Head head,
            int slot,
            List<Branch> branches,
            @Nullable List<Op.Put> otherwise,
            boolean releases,
            @Nullable Num holdSeconds,
            @Nullable Branch fail,
            Deps deps)
            implements Code {
        public Level {
            branches = List.copyOf(branches);
        }
    }

    /**
     * What to hold, and when.
     *
     * @param condition null for a fail branch without one: as soon as nothing can be decided
     */
    record Branch(List<Op.Put> puts, @Nullable Cond condition, int line) {
        public Branch {
            puts = List.copyOf(puts);
        }
    }

    /** A set of values to be put at once. */
    record Scene(Head head, List<Op.Put> puts) implements Code {
        public Scene {
            puts = List.copyOf(puts);
        }
    }

    /** A durable variable; its value is in its cell. */
    record Variable(Head head, int cell) implements Code {}

    /**
     * Adds something up.
     *
     * @param cell where its reading is
     * @param unit of its reading
     * @param condition while it is true the counter runs; null if it does not measure time
     * @param value what is integrated; null if nothing is
     * @param perSecond how much a second (of {@code value} 1) adds to the reading
     * @param counts each firing adds 1; null if it does not count
     * @param resetAt when it goes back to 0; null for never
     * @param resetWhen what takes it back to 0; null for nothing
     */
    record Counter(
            Head head,
            int cell,
            Unit unit,
            @Nullable Cond condition,
            @Nullable Num value,
            double perSecond,
            @Nullable Trigger counts,
            @Nullable Schedule resetAt,
            @Nullable Trigger resetWhen,
            Deps deps)
            implements Code {}

    /**
     * An alarm with its life.
     *
     * @param cell where its state is, as an option: {@code normal}, {@code unacknowledged} …
     * @param when null: raised by a statement only
     * @param clear null: as soon as {@code when} is false
     * @param suppress null for never
     * @param shelveAtMost seconds; null for eight hours
     */
    record Alarm(
            Head head,
            int cell,
            Decl.AlarmPriority priority,
            @Nullable Cond when,
            @Nullable Cond clear,
            @Nullable Cond suppress,
            boolean requiresAck,
            @Nullable Val message,
            List<String> recipients,
            List<Escalation> escalations,
            @Nullable Num shelveAtMost,
            Deps deps)
            implements Code {
        public Alarm {
            recipients = List.copyOf(recipients);
            escalations = List.copyOf(escalations);
        }
    }

    /** Who else is told, and after how long. */
    record Escalation(String to, Num seconds, boolean unlessAcked) {}

    /**
     * Forwards what one device says to another.
     *
     * @param direct what the machine would have to do itself
     * @param runAt where it may run
     */
    record Link(Head head, int slot, List<Wire> wires, DirectLink direct, Decl.RunAt runAt) implements Code {
        public Link {
            wires = List.copyOf(wires);
        }
    }

    /** From a cell to a point. */
    record Wire(int from, Target.Point to) {}

    /**
     * Sends values to the other side.
     *
     * @param changed whether a change sends
     * @param every when all are sent; null for never
     * @param bufferSeconds how long a value waits for the other side
     */
    record Upload(
            Head head, String to, List<Item> items, boolean changed, @Nullable Schedule every, double bufferSeconds)
            implements Code {
        /** Seven days. */
        public static final double DEFAULT_BUFFER_SECONDS = 7 * 86_400;

        public Upload {
            items = List.copyOf(items);
        }
    }

    /**
     * @param name what the other side knows it by
     * @param by least change that is worth sending; null for any
     * @param share whether that is a share of the value sent last
     */
    record Item(String name, int cell, @Nullable Num by, boolean share) {}
}
