package org.fieldhouse.rules.syntax.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a body. */
public sealed interface Stmt extends Node {

    /**
     * {@code turn on Hall.Light with brightness 60 %, fade 2 s}, {@code open V1}, {@code lock Door}.
     *
     * @param value the state that the verb stands for: on, off, open, closed, locked, unlocked
     * @param target a device, point or group
     * @param with further points of the device, and options of the command
     */
    record Turn(Expr.Word value, Ref target, List<Arg> with, Span span) implements Stmt {
        public Turn {
            with = List.copyOf(with);
        }
    }

    /** {@code toggle Hall.Light}. */
    record Toggle(Ref target, Span span) implements Stmt {}

    /** {@code set Living.Setpoint = 21 °C with fade 2 s}. */
    record Assign(Ref target, Expr value, List<Arg> with, Span span) implements Stmt {
        public Assign {
            with = List.copyOf(with);
        }
    }

    /** {@code release Living.Valve}: empties this rule's slot of the point. */
    record Release(Ref target, Span span) implements Stmt {}

    /** {@code activate scene Evening}. */
    record Activate(Name scene, Span span) implements Stmt {}

    /** {@code call Lock.beep(times: 2)}; {@code target.member()} is the action, or path null for a bundle's function. */
    record CallAction(Ref target, List<Arg> args, Span span) implements Stmt {
        public CallAction {
            args = List.copyOf(args);
        }
    }

    /** {@code call speak("…")}: an action that a bundle contributes. */
    record CallFunction(Name function, List<Arg> args, Span span) implements Stmt {
        public CallFunction {
            args = List.copyOf(args);
        }
    }

    /** {@code notify Family "text"}; without names everybody. */
    record Notify(List<Name> to, Expr message, Span span) implements Stmt {
        /** Who that is. */
        public static final String EVERYBODY = "everybody";

        public Notify {
            to = List.copyOf(to);
        }
    }

    /** {@code log "text"}. */
    record Log(Expr message, Span span) implements Stmt {}

    /** {@code raise alarm X}. */
    record Raise(Name alarm, Span span) implements Stmt {}

    /** {@code clear alarm X}. */
    record Clear(Name alarm, Span span) implements Stmt {}

    /** {@code wait 5 min}. */
    record Wait(Expr duration, Span span) implements Stmt {}

    /**
     * {@code wait until V1.position > 95 % within 10 s else fail "V1 did not open"}.
     *
     * @param within null for ever
     * @param otherwise what follows when the time is up
     */
    record WaitUntil(Expr condition, @Nullable Expr within, Otherwise otherwise, Span span) implements Stmt {}

    /** What a {@code wait until} does when its time is up. */
    sealed interface Otherwise {}

    /** Goes on with the next statement ({@code else continue}, or nothing said). */
    record GoOn() implements Otherwise {}

    /** Ends the rule or sequence without a failure ({@code else stop}). */
    record GiveUp() implements Otherwise {}

    /**
     * {@code else fail "text"}.
     *
     * @param message null when none is given
     */
    record Failing(@Nullable Expr message) implements Otherwise {}

    /** {@code else do … end}: runs these, then goes on. */
    record Instead(List<Stmt> body) implements Otherwise {
        public Instead {
            body = List.copyOf(body);
        }
    }

    /** {@code if … else if … else … end}; {@code otherwise} is empty when there is no else. */
    record If(List<Branch> branches, List<Stmt> otherwise, Span span) implements Stmt {
        public If {
            branches = List.copyOf(branches);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** One condition of an {@link If}; unknown counts as false. */
    record Branch(Expr condition, List<Stmt> body, Span span) implements Node {
        public Branch {
            body = List.copyOf(body);
        }
    }

    /** {@code repeat 3 times … end}. */
    record Repeat(Expr times, List<Stmt> body, Span span) implements Stmt {
        public Repeat {
            body = List.copyOf(body);
        }
    }

    /** {@code let Start = Meter.energy}. */
    record Let(Name name, Expr value, Span span) implements Stmt {}

    /**
     * {@code let Answer = call ask("…") within 10 s else fail}: calls an action that a bundle contributes, and waits for its result.
     *
     * @param let its value is the {@link Expr.Call}
     * @param within null for the function's own time-out
     * @param otherwise what follows when it fails, or the time is up; the local is unknown then
     */
    record LetCall(Let let, @Nullable Expr within, Otherwise otherwise, Span span) implements Stmt {
        public Expr.Call call() {
            return (Expr.Call) let.value();
        }
    }

    /** {@code stop}: ends this run. */
    record Stop(Span span) implements Stmt {}

    /**
     * {@code fail "text"}: ends this run as failed; in a sequence {@code on fail} follows.
     *
     * @param message null when none is given
     */
    record Fail(@Nullable Expr message, Span span) implements Stmt {}
}
