package org.fieldhouse.rules.test;

import java.util.List;
import org.fieldhouse.api.config.SourceSpan;

/**
 * How a test ended.
 *
 * @param failures empty if it passed
 */
public record TestResult(String name, SourceSpan place, List<Failure> failures) {
    public TestResult {
        failures = List.copyOf(failures);
    }

    /** What the house and the command line say of a failure. */
    public String message(Failure failure) {
        return "test \"" + name + "\" fails: expected " + failure.expected() + ", but " + failure.actual();
    }

    public boolean passed() {
        return failures.isEmpty();
    }

    /**
     * Something that was not as expected.
     *
     * @param place of the expectation
     * @param expected what should have been
     * @param actual what was, with the values that the expectation looks at
     */
    public record Failure(SourceSpan place, String expected, String actual) {
        @Override
        public String toString() {
            return place + ": expected " + expected + ", but " + actual;
        }
    }
}
