package org.fieldhouse.rules.editor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which words can stand behind a text, and inside which constructs: follows all readings of the grammar at once, token by
 * token. A token that fits nowhere is passed over; a word of the language ends what is open until it fits. So it gives an answer for
 * any text, which a parser with its error recovery does not: that one looks at what stands behind the gap, and here is the end.
 */
final class Follower {
    /** More readings than this are not followed: no text that somebody writes comes near. */
    private static final int MAX_READINGS = 4_000;

    /** In these a word is somebody's name for something, never a word of the language. */
    static final Set<Integer> NAMING =
            Set.of(RulesParser.RULE_word, RulesParser.RULE_value, RulesParser.RULE_eventWord, RulesParser.RULE_keyword);

    private record Reading(ATNState state, Frame frame) {}

    /** A word that can stand at the end, and the rule in which it would stand. */
    record Candidate(int type, Frame frame) {}

    private final String text;
    private final List<Lexeme> tokens;
    private final Map<Frame, Frame> frames = new HashMap<>();
    private Set<Reading> readings = new LinkedHashSet<>();

    private Follower(String text, List<Lexeme> tokens, int rule) {
        this.text = text;
        this.tokens = tokens;
        ATNState start = RulesParser._ATN.ruleToStartState[rule];
        readings.add(new Reading(start, shared(new Frame(null, rule, null, 0))));
    }

    /** What can stand behind these tokens of a whole file. */
    static Set<Candidate> behind(String text, List<Lexeme> tokens) {
        return new Follower(text, tokens, RulesParser.RULE_file).run();
    }

    /** What can stand behind these tokens between the braces of a text. */
    static Set<Candidate> behindInHole(String text, List<Lexeme> tokens) {
        return new Follower(text, tokens, RulesParser.RULE_hole).run();
    }

    private Set<Candidate> run() {
        for (int i = 0; i < tokens.size(); i++) {
            int type = tokens.get(i).type();
            Set<Reading> open = closure(readings, i);
            Set<Reading> next = step(open, type);
            if (tokens.get(i).isKeyword() && (next.isEmpty() || mayBeginAnew(tokens.get(i), next))) {
                next.addAll(unwound(open, type, i));
            }
            if (!next.isEmpty()) {
                readings = next;
            }
        }
        Set<Candidate> all = new LinkedHashSet<>();
        for (Reading each : closure(readings, tokens.size())) {
            for (Transition t : each.state.getTransitions()) {
                if (!t.isEpsilon() && t.label() != null) {
                    t.label().toList().stream()
                            .filter(type -> type != Token.EOF)
                            .forEach(type -> all.add(new Candidate(type, each.frame)));
                }
            }
        }
        return all;
    }

    /** {@code set P =} and below it {@code set}: a value could be called so, but somebody has not come to an end above. */
    private boolean mayBeginAnew(Lexeme token, Set<Reading> readings) {
        return readings.stream().allMatch(each -> NAMING.contains(each.frame.rule())) && Caret.startsLine(text, token);
    }

    private Frame shared(Frame frame) {
        Frame known = frames.putIfAbsent(frame, frame);
        return known == null ? frame : known;
    }

    /** The readings, and all that they lead to without a further token. */
    private Set<Reading> closure(Set<Reading> from, int index) {
        Set<Reading> all = new LinkedHashSet<>(from);
        ArrayDeque<Reading> left = new ArrayDeque<>(from);
        while (!left.isEmpty() && all.size() < MAX_READINGS) {
            Reading at = left.poll();
            for (Reading next : free(at, index)) {
                if (all.add(next)) {
                    left.add(next);
                }
            }
        }
        return all;
    }

    private List<Reading> free(Reading at, int index) {
        List<Reading> next = new ArrayList<>();
        if (at.state instanceof RuleStopState) {
            Reading back = back(at.frame);
            if (back != null) {
                next.add(back);
            }
            return next;
        }
        for (Transition t : at.state.getTransitions()) {
            if (t instanceof RuleTransition call) {
                Frame inner = new Frame(at.frame, call.target.ruleIndex, call.followState, index);
                next.add(new Reading(call.target, shared(inner)));
            } else if (t.isEpsilon()) {
                next.add(new Reading(t.target, at.frame));
            }
        }
        return next;
    }

    private static @Nullable Reading back(Frame frame) {
        return frame.outer() == null || frame.follow() == null ? null : new Reading(frame.follow(), frame.outer());
    }

    private static Set<Reading> step(Set<Reading> open, int type) {
        Set<Reading> next = new LinkedHashSet<>();
        for (Reading each : open) {
            for (Transition t : each.state.getTransitions()) {
                if (!t.isEpsilon() && t.matches(type, 1, RulesParser.VOCABULARY.getMaxTokenType())) {
                    next.add(new Reading(t.target, each.frame));
                }
            }
        }
        return next;
    }

    /** Ends what is open, from the inside, until the word fits. */
    private Set<Reading> unwound(Set<Reading> open, int type, int index) {
        Set<Frame> level = new HashSet<>();
        open.forEach(each -> level.add(each.frame));
        while (!level.isEmpty()) {
            Set<Reading> back = new LinkedHashSet<>();
            Set<Frame> outer = new HashSet<>();
            for (Frame frame : level) {
                Reading reading = back(frame);
                if (reading != null) {
                    back.add(reading);
                    outer.add(reading.frame);
                }
            }
            Set<Reading> next = step(closure(back, index), type);
            if (!next.isEmpty()) {
                return next;
            }
            level.clear();
            level.addAll(outer);
        }
        return Set.of();
    }
}
