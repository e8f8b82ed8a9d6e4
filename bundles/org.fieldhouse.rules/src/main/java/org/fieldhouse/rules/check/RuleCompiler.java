package org.fieldhouse.rules.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
        return check(files, house, new LastCheck());
    }

    /** The same, without finding out again what the last check did. */
    public static CheckResult check(List<SourceFile> files, HouseModel house, LastCheck last) {
        List<SourceFile> sorted = new ArrayList<>(files);
        sorted.sort(Comparator.comparing(SourceFile::path));
        List<SourceFile> calendars =
                sorted.stream().filter(RuleCompiler::isCalendar).toList();
        sorted.removeAll(calendars);
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Findings> reports = new ArrayList<>();
        List<Declarations.Placed> placed = new ArrayList<>();

        List<ParseResult> trees = last.parse(sorted);
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
        CheckedProgram program = program(placed, declarations, scope, last, daysOff);
        reports.forEach(report -> diagnostics.addAll(report.list()));
        diagnostics.sort(Comparator.comparing(Diagnostic::path)
                .thenComparingInt(each -> each.span().line())
                .thenComparingInt(each -> each.span().column())
                .thenComparing(Diagnostic::code));
        return new CheckResult(diagnostics, program, new NameTable(scope, NameTable.declared(placed)));
    }

    /** Days off stand beside the rules. */
    static boolean isCalendar(SourceFile file) {
        return file.path().endsWith(".ics");
    }

    private static CheckedProgram program(
            List<Declarations.Placed> placed,
            Declarations declarations,
            Scope scope,
            LastCheck last,
            Set<LocalDate> daysOff) {
        Facts facts = new Facts(placed.size());
        declarations.enter(scope);
        Meaning meaning = scope.meaning();
        Verdicts known = last.verdicts(meaning);
        Map<Decl, Facts.Kept> silent = new IdentityHashMap<>();
        List<CheckedDecl> passed = new ArrayList<>();
        List<Write.Placed> analysed = new ArrayList<>();
        for (Declarations.Placed each : placed) {
            Decl decl = each.decl();
            Findings findings = each.findings();
            int errors = findings.errors();
            Verdicts.Verdict verdict = known.of(decl);
            Facts.Kept own = verdict == null ? check(decl, scope, findings, silent) : verdict.facts();
            if (verdict != null) {
                silent.put(decl, own);
            }
            facts.addAll(own);
            boolean first = scope.find(decl.kind(), decl.key()) == decl;
            if (findings.errors() == errors && first && !(decl instanceof Decl.Broken)) {
                CheckedDecl checked = new CheckedDecl(decl, findings.file().path(), last.hash(decl));
                passed.add(checked);
                analysed.add(new Write.Placed(checked, findings));
            }
        }
        Verdicts verdicts = new Verdicts(meaning);
        Analysis.check(analysed, facts, known).forEach((decl, walk) -> {
            Facts.Kept own = silent.get(decl);
            if (own != null && walk.silent()) {
                verdicts.put(decl, new Verdicts.Verdict(own, walk));
            }
        });
        last.verdicts(verdicts);
        return new CheckedProgram(passed, scope.model(), facts.types, facts.constants, facts.resolutions, daysOff);
    }

    /** Checks one declaration; if nothing is wrong with it, what is found out is also put into {@code silent}. */
    private static Facts.Kept check(Decl decl, Scope scope, Findings findings, Map<Decl, Facts.Kept> silent) {
        int told = findings.told();
        Facts facts = new Facts();
        new DeclChecker(scope, facts, findings).check(decl);
        Facts.Kept own = facts.kept();
        if (findings.told() == told) {
            silent.put(decl, own);
        }
        return own;
    }
}
