package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineLayoutTest {
    private static String line(Level level, String message, Throwable failure) {
        LoggingEvent event = new LoggingEvent(
                "", new LoggerContext().getLogger("org.fieldhouse.x"), level, message, failure, new Object[] {7});
        event.setTimeStamp(LocalDateTime.of(2026, 7, 1, 7, 5, 9, 42_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli());
        return new LineLayout().doLayout(event);
    }

    @Test
    void timeLevelLoggerMessage() {
        assertThat(line(Level.INFO, "message {}", null))
                .isEqualTo("07:05:09.042 INFO  org.fieldhouse.x         message 7\n");
    }

    @Test
    void whatPaintsTerminalsIsNotShown() {
        assertThat(line(Level.INFO, "a\u001b[2J\u0007 ☃\n\tb\u009b", null)).endsWith(" a�[2J� ☃\n\tb�\n");
    }

    @Test
    void aFailureFollowsWithItsCause() {
        String text = line(Level.ERROR, "m", new IllegalStateException("outer", new RuntimeException("inner")));
        assertThat(text)
                .startsWith("07:05:09.042 ERROR org.fieldhouse.x         m\njava.lang.IllegalStateException: outer\n")
                .contains("Caused by: java.lang.RuntimeException: inner");
    }

    @ParameterizedTest
    @CsvSource({
        "fieldhouse, fieldhouse",
        "org.fieldhouse.runtime.host.DeviceHost, o.f.r.host.DeviceHost",
        "org.fieldhouse.health.HealthServlet, o.f.health.HealthServlet",
        "a.b.AClassWhoseNameIsLongerThanTheColumn, meIsLongerThanTheColumn"
    })
    void longNamesAreShortenedFromTheLeft(String logger, String shown) {
        assertThat(LineLayout.shorten(logger)).endsWith(shown).hasSizeLessThanOrEqualTo(24);
    }
}
