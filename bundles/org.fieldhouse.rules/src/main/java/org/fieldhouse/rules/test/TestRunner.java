package org.fieldhouse.rules.test;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.check.Crew;
import org.fieldhouse.rules.engine.Probe;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.TestStep;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests of a program. Pure: the same program gives the same results. A test begins at noon of a working day in June
 * unless it says otherwise.
 */
public final class TestRunner {
    private static final LocalDateTime START = LocalDateTime.of(2026, 6, 15, 12, 0);

    /** Where a test plays when nobody says where the house is: Greenwich. */
    public static final Calendar.Place ANYWHERE = new Calendar.Place(ZoneOffset.UTC, 51.48, 0, Set.of());

    private TestRunner() {}

    /** Runs all tests of the program, in the order of the text. */
    public static List<TestResult> run(CheckedProgram checked, Calendar.Place place) {
        return run(checked, place, null).results();
    }

    /**
     * What came of a run with coverage.
     *
     * @param program what the tests ran on
     */
    public record Run(List<TestResult> results, Program program) {}

    /** The same; {@code probe} is told where the rules come through. */
    public static Run run(CheckedProgram checked, Calendar.Place place, @Nullable Probe probe) {
        return run(new Lowering(checked), place, probe);
    }

    /** The same on a program that was lowered already. */
    public static Run run(Lowering lowering, Calendar.Place place, @Nullable Probe probe) {
        return run(lowering, place, probe, Crew.ALONE);
    }

    /** The same; {@code probe} is told by any thread of the crew. */
    public static Run run(Lowering lowering, Calendar.Place place, @Nullable Probe probe, Crew crew) {
        List<Script> scripts = scripts(lowering, place);
        if (scripts.isEmpty() && probe == null) {
            return new Run(List.of(), Program.EMPTY);
        }
        Program program = lowering.program();
        return new Run(crew.map(scripts, script -> script.run(program, probe)), program);
    }

    /** The tests of several programs, each beside its own program alone; in the order of the programs, and there in that of the text. */
    public static List<TestResult> run(List<Lowering> programs, Calendar.Place place, Crew crew) {
        List<Supplier<TestResult>> tests = new ArrayList<>();
        for (Lowering each : programs) {
            List<Script> scripts = scripts(each, place);
            if (!scripts.isEmpty()) {
                Program program = each.program();
                scripts.forEach(script -> tests.add(() -> script.run(program, null)));
            }
        }
        return crew.map(tests, Supplier::get);
    }

    private static List<Script> scripts(Lowering lowering, Calendar.Place place) {
        List<Script> scripts = new ArrayList<>();
        for (CheckedDecl each : lowering.checked().declarations()) {
            if (each.decl() instanceof Decl.Test test) {
                lowering.enter(each.id());
                scripts.add(new Script(each, test, new StepLowering(lowering, each.file()), place));
            }
        }
        return scripts;
    }

    /** One test, ready to run. */
    private static final class Script {
        private final SourceSpan at;
        private final Decl.Test test;
        private final Calendar.Place place;
        private final List<StepLowering.Step> given = new ArrayList<>();
        private final List<Timed> timed = new ArrayList<>();
        private LocalDateTime start = START;

        private record Timed(long offset, StepLowering.Step step) {}

        Script(CheckedDecl declared, Decl.Test test, StepLowering steps, Calendar.Place place) {
            this.test = test;
            this.place = place;
            this.at = place(declared.file(), test.name().span());
            for (TestStep each : test.given()) {
                if (each instanceof TestStep.ClockIs begin) {
                    start = begin.at(start);
                } else {
                    given.add(steps.step(each));
                }
            }
            for (Decl.TimedStep each : test.steps()) {
                timed.add(new Timed(steps.offset(each.at()), steps.step(each.step())));
            }
            timed.sort(Comparator.comparingLong(Timed::offset));
        }

        TestResult run(Program program, @Nullable Probe probe) {
            List<TestResult.Failure> failures = new ArrayList<>();
            long zero = start.atZone(place.zone()).toInstant().toEpochMilli() * 1000;
            SimulatedHouse house = new SimulatedHouse(program, place, zero, probe);
            try {
                given.forEach(step -> step.prepare(house));
                house.begin();
                for (Timed each : timed) {
                    house.advance(zero + each.offset());
                    each.step().act(house, failures);
                }
            } catch (RuntimeException e) {
                failures.add(new TestResult.Failure(at, "the test to run", "it was stopped by a defect: " + e));
            }
            house.log().stream()
                    .filter(output -> output instanceof org.fieldhouse.rules.engine.Output.Trouble trouble
                            && trouble.bug() != null)
                    .findFirst()
                    .ifPresent(output -> failures.add(new TestResult.Failure(at, "no defect", output.toString())));
            return new TestResult(test.name().text(), at, failures);
        }
    }

    static SourceSpan place(String file, Span span) {
        return new SourceSpan(file, span.line(), span.column(), span.end() - span.start());
    }
}
