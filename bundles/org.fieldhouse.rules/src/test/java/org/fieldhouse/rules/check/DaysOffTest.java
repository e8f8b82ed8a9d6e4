package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.api.Test;

/** Calendars of days off, RFC 5545. */
class DaysOffTest {
    private static String calendar(String... events) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
                + String.join(
                        "",
                        Arrays.stream(events)
                                .map(each -> "BEGIN:VEVENT\r\n" + each.replace("\n", "\r\n") + "\r\nEND:VEVENT\r\n")
                                .toList())
                + "END:VCALENDAR\r\n";
    }

    private static CheckResult check(String ics, String rules) {
        return RuleCompiler.check(
                List.of(new SourceFile("rules/a.rules", rules), new SourceFile("rules/off.ics", ics)),
                HouseModel.EMPTY);
    }

    private static List<String> days(String ics) {
        CheckResult result = check(ics, "");
        assertThat(result.diagnostics()).isEmpty();
        return new TreeSet<>(result.program().daysOff())
                .stream().map(LocalDate::toString).toList();
    }

    private static String error(String ics) {
        List<Diagnostic> all = check(ics, "").diagnostics();
        assertThat(all).hasSize(1);
        return all.get(0).path() + ":" + all.get(0).span().line() + " "
                + all.get(0).code() + " " + all.get(0).message();
    }

    @Test
    void readsAllDayEvents() {
        assertThat(days(calendar(
                        "SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227",
                        "SUMMARY:a line that is\n  folded\nDTSTART;VALUE=DATE:202\n 60501",
                        "DTSTART:20260606\nDURATION:P2D",
                        "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;COUNT=3",
                        "DTSTART;VALUE=DATE:20241003\nRRULE:FREQ=YEARLY;UNTIL=20261231\nEXDATE;VALUE=DATE:20251003",
                        "DTSTART;VALUE=DATE:20260707\nSTATUS:CANCELLED",
                        "DTSTART:20260808T100000Z\nDTEND:20260808T110000Z")))
                .containsExactly(
                        "2024-10-03",
                        "2026-01-01",
                        "2026-05-01",
                        "2026-06-06",
                        "2026-06-07",
                        "2026-10-03",
                        "2026-12-25",
                        "2026-12-26",
                        "2027-01-01",
                        "2028-01-01");
    }

    @Test
    void saysWhatItCannotRead() {
        assertThat(error("nonsense")).isEqualTo("rules/off.ics:1 E011 this is no iCalendar file");
        assertThat(error(calendar("DTSTART;VALUE=DATE:20261345")))
                .isEqualTo("rules/off.ics:5 E011 '20261345' is no date");
        assertThat(error(calendar("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY")))
                .isEqualTo("rules/off.ics:6 E011 only a day that comes back on its date each year can be read");
        assertThat(error("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n"))
                .endsWith("this event has no END:VEVENT");
    }

    @Test
    void rulesAndTheirTestsGoByThem() {
        CheckResult result = check(
                calendar("DTSTART;VALUE=DATE:20260615"),
                """
                variable Runs = 0
                variable Off = off
                rule "work" when at 07:00 each workday do set Runs = Runs + 1 end
                rule "off" when at 08:00 if today is holiday do set Off = on end
                test "a Monday off, then a Tuesday"
                  given date 2026-06-15
                  expect at 8 h Runs is 0
                  expect at 8 h Off is on
                  expect at 32 h Runs is 1
                end
                """);
        List<TestResult> results = TestRunner.run(result.program(), TestRunner.ANYWHERE);
        assertThat(results).hasSize(1).allSatisfy(each -> assertThat(each.failures())
                .isEmpty());
    }
}
