package org.fieldhouse.rules.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.ParseResult;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;

/** Checks rule files as a whole: from text to a program whose every name, type and unit is known. Never throws for bad input. */
public final class RuleCompiler {
    private RuleCompiler() {}

    /** Checks the files against the house. Order of the files does not matter. */
    public static CheckResult check(List<SourceFile> files, HouseModel house) {
        return check(files, house, new ParseCache());
    }

    /** The same, without parsing again what the cache knows. */
    public static CheckResult check(List<SourceFile> files, HouseModel house, ParseCache cache) {
        List<SourceFile> sorted = new ArrayList<>(files);
        sorted.sort(Comparator.comparing(SourceFile::path));
        List<SourceFile> calendars =
                sorted.stream().filter(RuleCompiler::isCalendar).toList();
        sorted.removeAll(calendars);
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Findings> reports = new ArrayList<>();
        List<Declarations.Placed> placed = new ArrayList<>();
        List<ParseResult> trees = cache.parse(sorted);
        for (int i = 0; i < trees.size(); i++) {
            ParseResult parsed = trees.get(i);
            diagnostics.addAll(parsed.diagnostics());
            Findings findings = new Findings(sorted.get(i));
            reports.add(findings);
            parsed.file().declarations().forEach(decl -> placed.add(new Declarations.Placed(decl, findings)));
        }
        Set<LocalDate> daysOff = new TreeSet<>();
        for (SourceFile calendar : calendars) {
            Findings findings = new Findings(calendar);
            reports.add(findings);
            daysOff.addAll(new DaysOff(findings).read(calendar));
        }
        Declarations declarations = new Declarations(placed);
        Scope scope = new Scope(declarations.withExpected(house));
        CheckedProgram program = program(placed, declarations, scope, cache, daysOff);
        reports.forEach(report -> diagnostics.addAll(report.list()));
        diagnostics.sort(Comparator.comparing(Diagnostic::path)
                .thenComparingInt(each -> each.span().line())
                .thenComparingInt(each -> each.span().column())
                .thenComparing(Diagnostic::code));
        return new CheckResult(diagnostics, program, new NameTable(scope, NameTable.declared(placed)));
    }

    /** Days off stand beside the rules. */
    private static boolean isCalendar(SourceFile file) {
        return file.path().endsWith(".ics");
    }

    private static CheckedProgram program(
            List<Declarations.Placed> placed,
            Declarations declarations,
            Scope scope,
            ParseCache cache,
            Set<LocalDate> daysOff) {
        Facts facts = new Facts();
        declarations.enter(scope);
        declarations.initialValues(scope, facts);
        List<CheckedDecl> passed = new ArrayList<>();
        List<Write.Placed> analysed = new ArrayList<>();
        for (Declarations.Placed each : placed) {
            int before = each.findings().errors();
            new DeclChecker(scope, facts, each.findings()).check(each.decl());
            boolean own = scope.find(each.decl().kind(), each.decl().key()) == each.decl();
            if (each.findings().errors() == before && own && !(each.decl() instanceof Decl.Broken)) {
                CheckedDecl checked =
                        new CheckedDecl(each.decl(), each.findings().file().path(), cache.hash(each.decl()));
                passed.add(checked);
                analysed.add(new Write.Placed(checked, each.findings()));
            }
        }
        Analysis.check(analysed, facts);
        return new CheckedProgram(passed, scope.model(), facts.types, facts.constants, facts.resolutions, daysOff);
    }
}
