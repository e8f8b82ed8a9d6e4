package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The states and transitions of ANSI/ISA-18.2-2016, figure 2 (alarm state transition diagram): A normal, B unacknowledged, C
 * acknowledged, D returned to normal unacknowledged, G shelved, H suppressed by design, I out of service. E and F, of latching alarms,
 * are not offered. Each line: how the state is reached, what happens in it, what it is then, also over a restart.
 */
class AlarmStatesTest {
    /** How each state is reached from A. */
    private static final Map<String, List<String>> WAYS = Map.of(
            "normal", List.of(),
            "unacknowledged", List.of("occurs"),
            "acknowledged", List.of("occurs", "ack"),
            "returned", List.of("occurs", "returns"),
            "shelved", List.of("shelve"),
            "suppressed", List.of("design on"),
            "out of service", List.of("out"),
            "shelved and active", List.of("occurs", "shelve"));

    private static final Map<String, String> EVENTS = Map.ofEntries(
            Map.entry("occurs", "Tank.level = 97 %"),
            Map.entry("returns", "Tank.level = 50 %"),
            Map.entry("ack", "acknowledge alarm High"),
            Map.entry("shelve", "shelve alarm High for 1 h"),
            Map.entry("unshelve", "unshelve alarm High"),
            Map.entry("design on", "Pump = off"),
            Map.entry("design off", "Pump = on"),
            Map.entry("suppress", "suppress alarm High"),
            Map.entry("unsuppress", "unsuppress alarm High"),
            Map.entry("out", "alarm High out of service"),
            Map.entry("in", "alarm High in service"));

    private static final String ALARM =
            """
            expect Tank: level
            expect Pump: pump
            alarm High priority high
              when Tank.level > 95 %
              clear when Tank.level < 90 %
              suppress when Pump is off
              requires ack
              notify Operators
              shelve at most 2 h
            end
            """;

    @ParameterizedTest
    @CsvSource({
        "normal,             occurs,     unacknowledged",
        "normal,             ack,        normal",
        "normal,             shelve,     shelved",
        "normal,             design on,  suppressed",
        "normal,             suppress,   suppressed",
        "normal,             out,        out of service",
        "unacknowledged,     ack,        acknowledged",
        "unacknowledged,     returns,    returned",
        "unacknowledged,     shelve,     shelved",
        "unacknowledged,     design on,  suppressed",
        "unacknowledged,     out,        out of service",
        "acknowledged,       returns,    normal",
        "acknowledged,       ack,        acknowledged",
        "acknowledged,       shelve,     shelved",
        "acknowledged,       design on,  suppressed",
        "acknowledged,       out,        out of service",
        "returned,           ack,        normal",
        "returned,           occurs,     unacknowledged",
        "returned,           shelve,     shelved",
        "returned,           out,        out of service",
        "shelved,            unshelve,   normal",
        "shelved,            occurs,     shelved",
        "shelved,            ack,        shelved",
        "shelved,            out,        out of service",
        "shelved and active, unshelve,   unacknowledged",
        "shelved and active, returns,    shelved",
        "suppressed,         design off, normal",
        "suppressed,         occurs,     suppressed",
        "suppressed,         out,        out of service",
        "out of service,     in,         normal",
        "out of service,     occurs,     out of service",
        "out of service,     shelve,     out of service"
    })
    void goesAsTheStandardSays(String from, String event, String to) {
        StringBuilder test = new StringBuilder(ALARM).append("test \"t\" given Tank.level 50 %, Pump on\n");
        int second = 1;
        for (String step : WAYS.get(from)) {
            test.append("at ")
                    .append(second++)
                    .append(" s ")
                    .append(EVENTS.get(step))
                    .append('\n');
        }
        test.append("at ").append(second++).append(" s restart\n");
        test.append("expect at ").append(second++).append(" s alarm High is ").append(from.replace(" and active", ""));
        test.append("\nat ")
                .append(second++)
                .append(" s ")
                .append(EVENTS.get(event))
                .append('\n');
        test.append("expect at ").append(second++).append(" s alarm High is ").append(to);
        test.append("\nat ").append(second++).append(" s restart\n");
        test.append("expect at ")
                .append(second)
                .append(" s alarm High is ")
                .append(to)
                .append("\nend\n");
        passes(test.toString());
    }

    /** Shelving ends by itself; what was acknowledged before comes back unacknowledged (G to B), and people are told again. */
    @org.junit.jupiter.api.Test
    void whatWasHiddenComesBackByItself() {
        passes(
                ALARM
                        + """
                test "shelved too long"
                  given Tank.level 50 %, Pump on
                  at 1 s Tank.level = 97 %
                  at 2 s acknowledge alarm High
                  at 3 s shelve alarm High for 10 h
                  expect at 4 s alarm High is shelved
                  expect at 7202 s alarm High is shelved
                  expect at 7203 s alarm High is unacknowledged
                end
                test "suppressed by design while it occurs and returns"
                  given Tank.level 50 %, Pump off
                  at 1 s Tank.level = 97 %
                  expect at 2 s not notified Operators
                  at 3 s Pump = on
                  expect at 3 s alarm High is unacknowledged
                  expect at 3 s notified Operators
                end
                """);
    }

    private static void passes(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        List<TestResult> results = TestRunner.run(checked.program(), TestRunner.ANYWHERE);
        assertThat(results).isNotEmpty();
        assertThat(results).allSatisfy(each -> assertThat(each.failures()).isEmpty());
    }
}
