package org.fieldhouse.rules.check;

import java.util.IdentityHashMap;
import java.util.Map;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/**
 * What one check found out about declarations with which nothing is wrong. It is so again in the next check if the declaration is
 * the same and names still mean the same; so an edit costs what it changes, and not what the house has. Immutable after its check.
 */
final class Verdicts {
    /** Of one declaration: about its nodes, and about what it does. */
    record Verdict(Facts.Kept facts, Analysis.Walk walk) {}

    private final Meaning meaning;
    private final Map<Decl, Verdict> all = new IdentityHashMap<>();

    Verdicts(Meaning meaning) {
        this.meaning = meaning;
    }

    /** These, if names still mean the same; else none. */
    Verdicts under(Meaning now) {
        return meaning.isSame(now) ? this : new Verdicts(now);
    }

    @Nullable
    Verdict of(Decl decl) {
        return all.get(decl);
    }

    void put(Decl decl, Verdict verdict) {
        all.put(decl, verdict);
    }
}
