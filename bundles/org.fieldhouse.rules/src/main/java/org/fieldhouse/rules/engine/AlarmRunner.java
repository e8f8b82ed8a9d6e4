package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Cond;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Num;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * An alarm at work: the states of ANSI/ISA-18.2-2016, figure 2, without the two of latching alarms. What is shelved, suppressed or
 * out of service comes back as normal or as unacknowledged, as the figure has it. Whether its condition holds goes on being known while it is shelved,
 * suppressed or out of service; it comes forward when that ends.
 */
final class AlarmRunner extends Behaviour implements Watcher {
    private static final double DEFAULT_SHELVE_SECONDS = 8 * 3600;

    /** What can be shown of an alarm; the names are options of its cell. */
    enum Shown {
        NORMAL,
        UNACKNOWLEDGED,
        ACKNOWLEDGED,
        RETURNED,
        SHELVED,
        SUPPRESSED,
        OUT_OF_SERVICE
    }

    private final Code.Alarm code;
    private final Cell cell;
    private final Recheck timer = new Recheck();
    private boolean active;
    private boolean acknowledged = true;
    private boolean outOfService;
    /** By {@code suppress when}. */
    private boolean suppressed;
    /** By an operator, or by logic outside the rule files. */
    private boolean suppressedOutside;

    private long shelvedUntil = Long.MIN_VALUE;
    /** When it last came forward, steady µs, 0 for never; escalations count from then. */
    private long raised;

    private int escalated;
    private long count;
    private long lastSequence;
    private Shown shown = Shown.NORMAL;

    private final class Recheck extends Timer {
        @Override
        void elapsed(boolean missed) {
            look();
        }
    }

    AlarmRunner(Engine engine, Code.Alarm code, Cell cell) {
        super(engine, code.head());
        this.code = code;
        this.cell = cell;
    }

    @Override
    void bind(Wiring wiring) {
        wiring.watch(code.deps(), this);
        wiring.listen(Fact.ExternalFact.class, this);
    }

    @Override
    void begin() {
        cell.set(new Choice(word(shown)), Quality.GOOD);
        look();
    }

    @Override
    void runtimeStarted() {
        look();
    }

    @Override
    void lookAgain() {
        look();
    }

    @Override
    public void changed(Cell changed) {
        look();
    }

    // ---- the condition
    // -----------------------------------------------------------------------------------------------

    private void look() {
        Env env = engine.env;
        env.wake = Long.MAX_VALUE;
        Cond when = code.when();
        Cond clear = code.clear();
        int on = when == null ? Truth.UNKNOWN : when.test(env);
        int off = clear != null ? clear.test(env) : when == null ? Truth.UNKNOWN : Truth.not(on);
        if (!active && on == Truth.TRUE) {
            become(true);
        } else if (active && off == Truth.TRUE && on != Truth.TRUE) {
            become(false);
        }
        Cond suppress = code.suppress();
        int hidden = suppress == null ? Truth.FALSE : suppress.test(env);
        if (hidden != Truth.UNKNOWN) {
            suppressed = hidden == Truth.TRUE;
        }
        show();
        long wake = env.wake;
        if (env.now < shelvedUntil) {
            wake = Math.min(wake, shelvedUntil);
        }
        engine.timers.set(timer, Math.min(wake, escalate()));
    }

    private void become(boolean now) {
        active = now;
        if (!now) {
            engine.reached(head, Probe.RETURNED);
        }
        if (now) {
            acknowledged = !code.requiresAck();
        }
    }

    /** By a statement. */
    void force(boolean now) {
        if (active != now) {
            become(now);
        }
        look();
    }

    // ---- what is shown
    // -------------------------------------------------------------------------------------------------

    private Shown state() {
        if (outOfService) {
            return Shown.OUT_OF_SERVICE;
        } else if (engine.env.now < shelvedUntil) {
            return Shown.SHELVED;
        } else if (suppressed || suppressedOutside) {
            return Shown.SUPPRESSED;
        } else if (active) {
            return acknowledged ? Shown.ACKNOWLEDGED : Shown.UNACKNOWLEDGED;
        }
        return acknowledged ? Shown.NORMAL : Shown.RETURNED;
    }

    private static boolean isForward(Shown state) {
        return state == Shown.UNACKNOWLEDGED || state == Shown.ACKNOWLEDGED;
    }

    private static boolean isHidden(Shown state) {
        return state == Shown.SHELVED || state == Shown.SUPPRESSED || state == Shown.OUT_OF_SERVICE;
    }

    private void show() {
        if (isHidden(shown) && !isHidden(state())) {
            acknowledged =
                    !active || !code.requiresAck(); // back to normal or to unacknowledged, whatever it was before
        }
        Shown now = state();
        if (now == shown) {
            return;
        }
        boolean comes = isForward(now) && !isForward(shown);
        shown = now;
        cell.set(new Choice(word(now)), Quality.GOOD);
        engine.changed(cell);
        String text = text();
        RuleRef place = at(head.line());
        engine.put(new Output.AlarmChanged(
                head.name(), word(now), code.priority().name().toLowerCase(Locale.ROOT), text, engine.cause, place));
        if (comes) {
            count++;
            engine.reached(head, Probe.RAN);
            lastSequence = engine.sequence;
            raised = engine.env.now;
            escalated = 0;
            for (String to : code.recipients()) {
                engine.put(new Output.Notify(to, text, engine.cause, place));
            }
        }
    }

    private String text() {
        Value value = code.message() == null ? null : code.message().eval(engine.env);
        return value instanceof Text t ? t.value() : head.name();
    }

    static String word(Shown state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Tells those whose time has come; when the next one's comes. */
    private long escalate() {
        List<Code.Escalation> all = code.escalations();
        while (isForward(shown) && escalated < all.size()) {
            Code.Escalation next = all.get(escalated);
            double seconds = next.seconds().eval(engine.env);
            long due = raised + Engine.micros(Double.isNaN(seconds) ? 0 : seconds);
            if (engine.env.now < due) {
                return due;
            }
            escalated++;
            engine.reached(head, Probe.ESCALATED + (escalated - 1));
            if (!next.unlessAcked() || shown == Shown.UNACKNOWLEDGED) {
                engine.put(new Output.Notify(next.to(), text(), engine.cause, at(head.line())));
            }
        }
        return Long.MAX_VALUE;
    }

    // ---- operators
    // -----------------------------------------------------------------------------------------------------

    @Override
    void happened(Fact fact) {
        if (engine.origin != Cause.Origin.EXTERNAL
                && fact instanceof Fact.ExternalFact external
                && external.type().equals(AlarmFacts.ACT)
                && new Text(head.name()).equals(external.values().get("alarm"))
                && external.values().get("act") instanceof Text act) {
            act(act.value(), external.values().get("for"));
            look();
        }
    }

    private void act(String act, @Nullable Value duration) {
        switch (act) {
            case "acknowledge" -> acknowledged |= !isHidden(shown);
            case "shelve" -> shelvedUntil = engine.env.now + Engine.micros(shelveSeconds(duration));
            case "unshelve" -> shelvedUntil = Long.MIN_VALUE;
            case "suppress" -> suppressedOutside = true;
            case "unsuppress" -> suppressedOutside = false;
            case "out_of_service" -> outOfService = true;
            case "in_service" -> outOfService = false;
            default -> {}
        }
    }

    /** How long it can be shelved at most. */
    double shelveLimit() {
        Num most = code.shelveAtMost();
        return most == null ? DEFAULT_SHELVE_SECONDS : most.eval(engine.env);
    }

    /** How it is, for people. */
    AlarmStanding look(long now) {
        engine.env.now = Math.max(engine.env.now, now);
        return new AlarmStanding(
                head,
                word(shown),
                code.priority(),
                active,
                raised == 0 ? 0 : engine.wall(raised),
                engine.env.now < shelvedUntil ? engine.wall(shelvedUntil) : 0,
                shelveLimit(),
                text());
    }

    private double shelveSeconds(@Nullable Value duration) {
        double limit = shelveLimit();
        double wanted = duration instanceof Quantity q && q.unit().convertsTo(Units.SECOND)
                ? q.in(Units.SECOND).number()
                : limit;
        return Double.isNaN(limit) ? wanted : Math.min(wanted, limit);
    }

    // ---- memory
    // --------------------------------------------------------------------------------------------------------

    @Override
    void save(StateOutput out) {
        out.flag(active);
        out.flag(acknowledged);
        out.flag(outOfService);
        out.flag(suppressed);
        out.flag(suppressedOutside);
        out.number(shelvedUntil);
        out.number(raised);
        out.small(escalated);
        out.number(count);
        out.number(lastSequence);
        out.small(shown.ordinal());
        timer.saveTimer(out);
    }

    @Override
    void restore(StateInput in) throws IOException {
        active = in.flag();
        acknowledged = in.flag();
        outOfService = in.flag();
        suppressed = in.flag();
        suppressedOutside = in.flag();
        shelvedUntil = in.number();
        raised = in.number();
        escalated = in.small();
        count = in.number();
        lastSequence = in.number();
        int state = in.small();
        if (state < 0 || state >= Shown.values().length) {
            throw new IOException("no alarm state " + state);
        }
        shown = Shown.values()[state];
        timer.restoreTimer(in, engine.timers);
        cell.set(new Choice(word(shown)), Quality.GOOD);
    }

    @Override
    Standing standing() {
        return new Standing(head, count, lastSequence, 0, word(shown).replace('_', ' '));
    }
}
