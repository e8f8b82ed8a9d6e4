package org.fieldhouse.rules.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.rules.TestReport.Reached;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.check.Crew;
import org.fieldhouse.rules.check.Islands;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.test.Coverage;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;

/** Everything that the runtime does before it puts rule files in force: check, make a program, run the tests. */
public final class FullCheck {
    /**
     * What was found.
     *
     * @param tests how many ran; none runs while there are errors
     * @param reached what the tests can reach, and how often they did; empty without coverage and while there are errors
     */
    public record Outcome(List<Diagnostic> diagnostics, int declarations, int tests, List<Reached> reached) {
        /** Without coverage. */
        public Outcome(List<Diagnostic> diagnostics, int declarations, int tests) {
            this(diagnostics, declarations, tests, List.of());
        }

        /** Whether there is no error. */
        public boolean isClean() {
            return diagnostics.stream().noneMatch(Diagnostic::isError);
        }
    }

    private FullCheck() {}

    /** Checks the files against the house, and runs their tests if there is no error; without coverage. */
    public static Outcome check(List<SourceFile> files, HouseModel house) {
        return check(files, house, false);
    }

    /** @param coverage whether to find out what the tests reach; then each runs beside all rules, which takes longer */
    public static Outcome check(List<SourceFile> files, HouseModel house, boolean coverage) {
        return check(files, house, TestRunner.ANYWHERE, coverage);
    }

    /**
     * Checks the files against the house, and runs their tests if there is no error.
     *
     * @param place where the house is: tests go by its clock, its sun and its days off
     * @param coverage whether to find out what the tests reach; then each runs beside all rules, which takes longer
     */
    public static Outcome check(List<SourceFile> files, HouseModel house, Calendar.Place place, boolean coverage) {
        Crew crew = new Cores();
        LastCheck parsed = LastCheck.ofOnly();
        parsed.parse(files, crew);
        CheckResult result = RuleCompiler.check(files, house, parsed);
        List<Diagnostic> all = new ArrayList<>(result.diagnostics());
        int declarations = result.program().declarations().size();
        Map<String, SourceFile> texts = new HashMap<>();
        files.forEach(file -> texts.put(file.path(), file));
        List<CheckedProgram> parts = !result.isClean()
                ? List.of() // what an error leaves over is no program
                : coverage ? List.of(result.program()) : Islands.of(result.program());
        List<Lowering> programs = crew.map(parts, Lowering::new);
        for (Lowering program : programs) {
            for (Problem each : program.problems()) {
                all.add(at(texts, Code.E900, each.place(), each.message()));
            }
        }
        int tests = 0;
        List<Reached> reached = List.of();
        if (all.stream().noneMatch(Diagnostic::isError)) {
            List<TestResult> results;
            if (coverage) {
                Coverage counts = new Coverage();
                TestRunner.Run run = TestRunner.run(programs.get(0), place, counts, crew);
                reached = counts.report(result.program(), run.program());
                results = run.results();
            } else {
                results = TestRunner.run(programs, place, crew);
            }
            for (TestResult test : results) {
                tests++;
                for (TestResult.Failure failure : test.failures()) {
                    all.add(at(texts, Code.E601, failure.place(), test.message(failure)));
                }
            }
        }
        all.sort(Comparator.comparing(Diagnostic::path)
                .thenComparingInt(each -> each.span().line())
                .thenComparingInt(each -> each.span().column())
                .thenComparing(Diagnostic::code));
        return new Outcome(List.copyOf(all), declarations, tests, reached);
    }

    private static Diagnostic at(Map<String, SourceFile> texts, Code code, SourceSpan place, String message) {
        SourceFile file = texts.getOrDefault(place.file(), new SourceFile(place.file(), ""));
        Span span = new Span(0, Math.max(1, place.length()), Math.max(1, place.line()), Math.max(1, place.column()));
        return Diagnostic.of(code, file, span, message, "");
    }
}
