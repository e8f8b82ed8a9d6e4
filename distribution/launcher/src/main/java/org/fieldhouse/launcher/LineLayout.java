package org.fieldhouse.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * {@code 07:05:09.042 INFO  o.f.r.host.DeviceHost    message}, in local time. Written out because logback's pattern layout brings its
 * compiler, and the JDK's formatters with their locale data, into every start.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final int LOGGER_WIDTH = 24;
    private static final int LINE = 160;

    private final ZoneId zone = ZoneId.systemDefault();
    /** What the process of an isolated feature says, the house says again, with its own time. */
    private final boolean timed = System.getProperty("fieldhouse.isolated") == null;

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(LINE);
        if (timed) {
            time(line, event.getTimeStamp());
            line.append(' ');
        }
        String level = event.getLevel().toString();
        line.append(level);
        pad(line, "ERROR".length() - level.length() + 1);
        String logger = shorten(event.getLoggerName());
        line.append(logger);
        pad(line, LOGGER_WIDTH - logger.length() + 1);
        plain(line, event.getFormattedMessage());
        line.append('\n');
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            line.append(ThrowableProxyUtil.asString(failure));
        }
        return line.toString();
    }

    /** What the wire brought does not paint the terminal of who reads this. */
    private static void plain(StringBuilder line, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            line.append(c != '\n' && c != '\t' && Character.isISOControl(c) ? '�' : c);
        }
    }

    private void time(StringBuilder line, long epochMillis) {
        ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochMilli(epochMillis));
        int milliOfDay = (int) Math.floorMod(epochMillis + offset.getTotalSeconds() * 1000L, 86_400_000L);
        digits(line, milliOfDay / 3_600_000, 10);
        digits(line.append(':'), milliOfDay / 60_000 % 60, 10);
        digits(line.append(':'), milliOfDay / 1000 % 60, 10);
        digits(line.append('.'), milliOfDay % 1000, 100);
    }

    /** @param place 10 for two digits, 100 for three */
    private static void digits(StringBuilder line, int number, int place) {
        for (int p = place; p > 0; p /= 10) {
            line.append((char) ('0' + number / p % 10));
        }
    }

    /** Packages to their initials, from the left, until it fits: {@code o.f.runtime.host.DeviceHost}. */
    static String shorten(String logger) {
        StringBuilder name = new StringBuilder(logger);
        int start = 0;
        int dot = name.indexOf(".");
        while (name.length() > LOGGER_WIDTH && dot >= 0) {
            name.delete(start + 1, dot);
            start += 2;
            dot = name.indexOf(".", start);
        }
        return name.length() > LOGGER_WIDTH ? name.substring(name.length() - LOGGER_WIDTH) : name.toString();
    }

    private static void pad(StringBuilder line, int count) {
        for (int i = 0; i < count; i++) {
            line.append(' ');
        }
    }
}
