package org.fieldhouse.api.model;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function that a bundle contributes to the rule language.
 *
 * @param name see {@link Names#isMemberName}; what the language has itself ({@code abs}, {@code round} …) cannot be given again
 * @param parameters in the order in which they are written; those that may be left out come last
 * @param result which values it answers; null for an action that only does something
 * @param kind whether it computes or acts
 * @param timeout how long an action may take, above 0 and at most an hour; a pure function must answer at once
 * @param repeatable whether an action may be done again after a crash cut it off; see {@link ActionSpec}
 * @param title for people; may be empty
 */
public record FunctionSpec(
        String name,
        List<ArgumentSpec> parameters,
        @Nullable ValueSpec result,
        Kind kind,
        Duration timeout,
        boolean repeatable,
        String title) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** What kind of function it is. */
    public enum Kind {
        /**
         * The same arguments always give the same result, and nothing else happens: it may stand in every condition and is called
         * again when the past is worked out anew.
         */
        PURE,
        /** Does something outside, or asks somebody: called by a statement; its result comes in over the journal. */
        ACTION
    }

    public FunctionSpec {
        parameters = List.copyOf(parameters);
        if (!Names.isMemberName(name)) {
            throw new IllegalArgumentException(
                    "function name '" + name + "': a lower-case letter, then letters, digits, _");
        }
        if (kind == Kind.PURE && result == null) {
            throw new IllegalArgumentException("function " + name + " is pure but has no result");
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "function " + name + ": time-out " + timeout + " is not above 0 and ≤ 1 h");
        }
        Set<String> seen = new HashSet<>();
        boolean optional = false;
        for (ArgumentSpec each : parameters) {
            if (!seen.add(each.name())) {
                throw new IllegalArgumentException("function " + name + " has two parameters " + each.name());
            }
            if (optional && each.required()) {
                throw new IllegalArgumentException(
                        "function " + name + ": " + each.name() + " is required but follows an optional parameter");
            }
            optional |= !each.required();
        }
    }

    /** A function that computes. */
    public static FunctionSpec pure(String name, ValueSpec result, ArgumentSpec... parameters) {
        return new FunctionSpec(name, List.of(parameters), result, Kind.PURE, Duration.ofSeconds(1), true, "");
    }

    /** A function that acts; not repeatable. */
    public static FunctionSpec action(
            String name, @Nullable ValueSpec result, Duration timeout, ArgumentSpec... parameters) {
        return new FunctionSpec(name, List.of(parameters), result, Kind.ACTION, timeout, false, "");
    }

    public Optional<ArgumentSpec> parameter(String parameter) {
        return parameters.stream().filter(each -> each.name().equals(parameter)).findFirst();
    }

    public boolean isPure() {
        return kind == Kind.PURE;
    }
}
