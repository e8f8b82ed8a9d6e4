package org.fieldhouse.shell;

import java.util.List;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.TestReport;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Runs the tests of the rule files in force, in virtual time and beside what runs. */
@Component(
        service = TestCommands.class,
        property = {"osgi.command.scope=fieldhouse", "osgi.command.function=test", "osgi.command.function=coverage"})
public final class TestCommands {
    private final @Nullable RuleBook present;

    @Activate
    public TestCommands(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book) {
        present = book;
    }

    /** A house may be run without rules. */
    private RuleBook book() {
        if (present == null) {
            throw new CommandFailure(RuleCommands.NO_RULES);
        }
        return present;
    }

    /** {@code test [WORDS]}: all tests, or those whose name has the words in it. Fails if one fails. */
    public void test(String... words) {
        String wanted = String.join(" ", words);
        TestReport report = book().test();
        List<TestReport.Outcome> all = report.outcomes().stream()
                .filter(each -> each.name().contains(wanted))
                .toList();
        for (TestReport.Outcome each : all) {
            System.out.println((each.passed() ? "ok    " : "FAIL  ") + each.name());
            each.failures().forEach(failure -> System.out.println("      " + failure));
        }
        long failed = all.stream().filter(each -> !each.passed()).count();
        String summary = all.size() + (all.size() == 1 ? " test, " : " tests, ") + failed + " failed";
        if (failed > 0) {
            throw new CommandFailure(summary);
        }
        System.out.println(all.isEmpty() ? "no test" + (wanted.isEmpty() ? "" : " with '" + wanted + "'") : summary);
    }

    /** What no test reaches. */
    public void coverage() {
        TestReport report = book().test();
        List<TestReport.Reached> missed = report.missed();
        missed.forEach(each -> System.out.println(each.place() + ": " + each.declaration() + ": " + each.text()));
        int all = report.reached().size();
        System.out.println(all - missed.size() + " of " + all + " parts reached by "
                + report.outcomes().size() + (report.outcomes().size() == 1 ? " test" : " tests"));
    }
}
