package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.atn.ATNState;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the grammar that is being read at a place.
 *
 * @param outer the rule it stands in; null for the outermost
 * @param rule index in {@code RulesParser.ruleNames}
 * @param follow where reading goes on in the outer rule; null for the outermost
 * @param start index of the token it begins with
 */
record Frame(@Nullable Frame outer, int rule, @Nullable ATNState follow, int start) {

    // By identity where the outer frame is concerned: frames are shared, and chains may be long.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Frame that
                && outer == that.outer
                && rule == that.rule
                && follow == that.follow
                && start == that.start;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * System.identityHashCode(outer) + rule) + 17 * System.identityHashCode(follow) + start;
    }

    /** From this one outwards. */
    List<Frame> chain() {
        List<Frame> all = new ArrayList<>();
        for (Frame at = this; at != null; at = at.outer) {
            all.add(at);
        }
        return all;
    }
}
