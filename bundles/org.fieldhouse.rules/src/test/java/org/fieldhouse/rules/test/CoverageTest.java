package org.fieldhouse.rules.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

class CoverageTest {
    private static final String RULES =
            """
            expect Motion: motion
            expect Light: light
            expect Fan: switch
            expect Button: button
            rule "light"
              when Motion turns on
              when Button pressed
              if Motion.illuminance < 20 lx
              mode restart
            do
              turn on Light
              wait until Motion is off within 1 min else stop
              if Light.brightness > 50 %
                turn off Light
              end
            end
            control Fan
              on  when Motion.illuminance > 100 lx
              off when Motion.illuminance < 50 lx
              fail off when Motion is bad
            end
            alarm Dark
              when Motion.illuminance < 1 lx
              notify Family
              escalate to Boss after 5 min
            end
            """;

    private static List<String> missed(String tests) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", RULES + tests)), HouseModel.EMPTY);
        Coverage coverage = new Coverage();
        TestRunner.Run run = TestRunner.run(checked.program(), TestRunner.ANYWHERE, coverage);
        assertThat(run.results()).allMatch(TestResult::passed);
        return coverage.report(checked.program(), run.program()).stream()
                .filter(each -> each.times() == 0)
                .map(each -> each.place().line() + " " + each.text())
                .toList();
    }

    @Test
    void withoutTestsNothingIsReached() {
        assertThat(missed(""))
                .containsExactly(
                        "6 the trigger fires",
                        "7 the trigger fires",
                        "8 the condition holds",
                        "8 the condition does not hold",
                        "5 runs",
                        "12 the wait ends in time",
                        "12 the time is up",
                        "13 the if is true",
                        "13 the if is not true",
                        "18 the branch holds",
                        "19 the branch holds",
                        "20 fail",
                        "22 is raised",
                        "22 returns to normal",
                        "22 escalates to Boss");
    }

    @Test
    void whatATestReachesIsMissedNoMore() {
        assertThat(
                        missed(
                                """
                        test "motion in the dark"
                          given Motion off, Motion.illuminance 0.5 lx, Light off, Light.brightness 80 %
                          at 1 s Motion = on
                          at 10 s Motion = off
                          expect at 11 s Light is off
                          at 20 s Motion.illuminance = 200 lx
                          at 21 s Motion = on
                        end
                        """))
                .containsExactly(
                        "7 the trigger fires",
                        "12 the time is up",
                        "13 the if is not true",
                        "20 fail",
                        "22 escalates to Boss");
    }
}
