package org.fieldhouse.demo.view;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The paper the view writes on: columns, colours if the terminal has them, nothing wider than it. */
final class Sheet {
    /** Escape sequences of ECMA-48, 8.3.117 (SGR). */
    enum Ink {
        PLAIN(""),
        FAINT("\u001b[2m"),
        BOLD("\u001b[1m"),
        EVENT("\u001b[36m"),
        RULE("\u001b[35m"),
        COMMAND("\u001b[33m"),
        GOOD("\u001b[32m"),
        WRONG("\u001b[31m");

        private final String code;

        Ink(String code) {
            this.code = code;
        }
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final String SEPARATOR = " · ";
    private static final String RESET = "\u001b[0m";

    private final PrintStream out;
    private final boolean colours;
    private final int width;

    /**
     * @param width columns; longer lines are cut with …
     */
    Sheet(PrintStream out, boolean colours, int width) {
        this.out = out;
        this.colours = colours;
        this.width = width;
    }

    /** {@code 12:03:07.120   word      text}. */
    void at(long micros, Ink ink, String word, String text) {
        line(TIME.format(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000)), ink, word, text);
    }

    /** {@code      +0.6 ms   word      text}, so many µs after the line with the time. */
    void after(long micros, Ink ink, String word, String text) {
        line(elapsed(micros), ink, word, text);
    }

    private static String elapsed(long micros) {
        double millis = Math.max(0, micros) / 1000.0;
        return millis < 1_000
                ? String.format(Locale.ROOT, "+%.1f ms", millis)
                : String.format(Locale.ROOT, "+%.2f s", millis / 1_000);
    }

    private void line(String left, Ink ink, String word, String text) {
        String margin = String.format("%12s  ", left);
        String column = String.format("%-8s ", word);
        int room = Math.max(20, width - margin.length() - column.length());
        String cut = text.length() <= room ? text : text.substring(0, room - 1) + '…';
        boolean strong = ink != Ink.PLAIN && ink != Ink.FAINT;
        out.println(paint(Ink.FAINT, margin) + paint(ink, column) + (strong ? cut : paint(ink, cut)));
    }

    /** A line as it is. */
    void say(Ink ink, String text) {
        out.println(paint(ink, text));
    }

    /** A line across the whole width with a text in it, which goes on below at a {@code ·} if it is longer. */
    void rule(String text) {
        String line = "── " + text + ' ';
        int cut = line.length() > width ? line.lastIndexOf(SEPARATOR, width) : -1;
        while (cut > 0) {
            out.println(paint(Ink.FAINT, line.substring(0, cut)));
            line = "   " + line.substring(cut + SEPARATOR.length());
            cut = line.length() > width ? line.lastIndexOf(SEPARATOR, width) : -1;
        }
        out.println(paint(Ink.FAINT, line + "─".repeat(Math.max(0, width - line.length()))));
    }

    void gap() {
        out.println();
        out.flush();
    }

    private String paint(Ink ink, String text) {
        return colours && ink != Ink.PLAIN ? ink.code + text + RESET : text;
    }
}
