package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.Set;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.rules.program.Code.Head;

/**
 * A declaration at work: what has to be remembered between events. The family is open: a new kind of declaration is a new
 * {@code Code} and its behaviour, see {@link Engine#behaviour}.
 */
abstract class Behaviour {
    final Engine engine;
    final Head head;

    Behaviour(Engine engine, Head head) {
        this.engine = engine;
        this.head = head;
    }

    /** Asks for the cells, events and facts that it wants to see. Called once, before anything else. */
    abstract void bind(Wiring wiring);

    /** It was loaded for the first time, or its content has changed. */
    abstract void begin();

    /** The runtime went down at the engine's time; what was due by then has been done. */
    void runtimeStopped() {}

    /** The runtime is up again; what was missed has been told to the timers already. */
    void runtimeStarted() {}

    /** The wall clock was set, by so much; {@link #lookAgain} follows. */
    void clockStepped(long by) {}

    /** Something may have changed that no event tells. */
    void lookAgain() {}

    /** It is no longer there, or its content has changed. */
    void end(Set<Claim> staying) {}

    /** A fact of a kind that it asked for. */
    void happened(Fact fact) {}

    abstract void save(StateOutput out);

    abstract void restore(StateInput in) throws IOException;

    /** What to show of it. */
    abstract Standing standing();

    /** What it holds. */
    Set<Claim> claims() {
        return Set.of();
    }

    public final Head head() {
        return head;
    }

    final RuleRef at(int line) {
        return new RuleRef(head.name(), head.file(), line);
    }
}
