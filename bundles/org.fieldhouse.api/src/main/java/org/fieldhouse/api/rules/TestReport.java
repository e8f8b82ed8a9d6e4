package org.fieldhouse.api.rules;

import java.util.List;
import org.fieldhouse.api.config.SourceSpan;

/**
 * What the tests of the rule files said, and what they reached.
 *
 * @param outcomes one for each test, in the order of the files
 * @param reached everything that a test can reach, in the order of the files
 */
public record TestReport(List<Outcome> outcomes, List<Reached> reached) {
    public TestReport {
        outcomes = List.copyOf(outcomes);
        reached = List.copyOf(reached);
    }

    /**
     * How a test ended.
     *
     * @param failures what was not as expected, with the values that were; empty if it passed
     */
    public record Outcome(String name, SourceSpan place, List<String> failures) {
        public Outcome {
            failures = List.copyOf(failures);
        }

        public boolean passed() {
            return failures.isEmpty();
        }
    }

    /** What part of a declaration it is. */
    public enum Part {
        /** A trigger of a rule or sequence. */
        EDGE,
        /** A rule or sequence that ran, an alarm that came forward, a link that copied, a counter that counted. */
        DECLARATION,
        /** One way on from a condition or from the end of a wait. */
        BRANCH
    }

    /**
     * A part of a declaration.
     *
     * @param declaration kind and name
     * @param part what it is
     * @param text for people: {@code when Hall.Motion turns on}, {@code if sun is down: false}
     * @param times how often the tests came there; 0: no test did
     */
    public record Reached(String declaration, Part part, String text, SourceSpan place, long times) {}

    /** The parts that no test reached. */
    public List<Reached> missed() {
        return reached.stream().filter(each -> each.times() == 0).toList();
    }
}
