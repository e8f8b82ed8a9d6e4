package org.fieldhouse.rules.check;

import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/**
 * A place that writes a point or variable.
 *
 * @param key what it writes, see {@link Regions#point}
 * @param shown the same for people
 * @param value null if it has to be worked out
 * @param priority the class it writes in
 * @param guard the situations in which it is reached; of those before a wait, nothing is known after it
 * @param afterWait whether time has passed since the trigger
 * @param held whether a wait follows: the value is meant to last
 */
record Write(
        Placed owner,
        Decl decl,
        String key,
        String shown,
        @Nullable Value value,
        String priority,
        Region guard,
        boolean afterWait,
        boolean held,
        Span span) {

    /** A declaration's file. */
    record Placed(CheckedDecl declared, Findings findings) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other; // a tree is compared at great length
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Whether it stands in something that holds as long as a condition lasts. */
    boolean isLevel() {
        return decl instanceof Decl.Control || decl instanceof Decl.Keep;
    }

    /** The same of the same declaration in another check. */
    Write of(Placed now) {
        return new Write(now, decl, key, shown, value, priority, guard, afterWait, held, span);
    }

    Write lasting() {
        return new Write(owner, decl, key, shown, value, priority, guard, afterWait, true, span);
    }

    /** {@code sets Hall.Light to off}. */
    String does() {
        return "sets " + shown + (value == null ? "" : " to " + value);
    }

    /** {@code rule "a" (line 3)}. */
    String where() {
        String name = decl instanceof Decl.Rule || decl instanceof Decl.Sequence
                ? decl.kind() + " \"" + decl.key() + "\""
                : decl.kind() + " " + decl.key();
        return name + " (" + owner.findings().file().path() + ":" + span.line() + ")";
    }
}
