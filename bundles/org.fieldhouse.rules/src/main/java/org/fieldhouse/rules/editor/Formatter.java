package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;

/**
 * Gives a text the house's layout. It changes white space between tokens and inside a quantity ({@code 5min}), and nothing else:
 * before it gives its result away it reads both texts again, and if anything but white space differs it gives back the old one.
 *
 * <p>The author's line breaks stay, so what was written on one line stays on one line where it fits; each part of a declaration that
 * takes more than one begins a line, and the statements of a body as well. A declaration that cannot be parsed stays as it is.
 */
final class Formatter {
    private static final Pattern QUANTITY = Pattern.compile("([0-9.]+)[ \\t\\u00A0\\u202F]*(.+)");

    private final String text;
    private final List<Lexeme> tokens;
    private final Shape shape;
    private final List<Line> lines = new ArrayList<>();
    private Line line = new Line("", false);

    private Formatter(String text) {
        this.text = text;
        this.tokens = Lexeme.of(text);
        this.shape = new Shape(text, tokens);
    }

    /** One line of the result; a raw one may hold several lines of a declaration that was left alone. */
    private static final class Line {
        final StringBuilder body;
        final boolean raw;
        String comment = "";
        Shape.Column column = Shape.Column.NONE;
        int at;

        Line(String start, boolean raw) {
            this.body = new StringBuilder(start);
            this.raw = raw;
        }

        int indent() {
            int i = 0;
            while (i < body.length() && body.charAt(i) == ' ') {
                i++;
            }
            return i;
        }

        boolean isBlank() {
            return body.isEmpty() && comment.isEmpty();
        }
    }

    static String format(String text) {
        boolean windows = text.contains("\r\n");
        String plain = text.replace("\r\n", "\n");
        String formatted = new Formatter(plain).run();
        if (!same(plain, formatted)) {
            return text;
        }
        return windows ? formatted.replace("\n", "\r\n") : formatted;
    }

    /** How a token is written. */
    static String written(Lexeme token) {
        Matcher quantity = QUANTITY.matcher(token.text());
        return token.type() == RulesLexer.QUANTITY && quantity.matches()
                ? quantity.group(1) + " " + quantity.group(2)
                : token.isComment() ? token.text().stripTrailing() : token.text();
    }

    private static boolean same(String before, String after) {
        Function<String, List<String>> words = text -> Lexeme.of(text).stream()
                .map(each -> each.type() + " " + written(each))
                .toList();
        return words.apply(before).equals(words.apply(after));
    }

    private String run() {
        for (int i = 0; i < tokens.size(); i++) {
            token(i);
        }
        finish();
        column(each -> each.column == Shape.Column.NONE ? "" : each.column + " " + each.indent(), true);
        column(each -> each.comment.isEmpty() || each.body.isEmpty() ? "" : "#", false);
        StringBuilder all = new StringBuilder();
        for (Line each : lines) {
            all.append(each.body).append(each.comment).append('\n');
        }
        return all.toString();
    }

    private String gap(int index) {
        int from = index == 0 ? 0 : tokens.get(index - 1).end();
        return text.substring(from, tokens.get(index).start());
    }

    private void token(int i) {
        Lexeme token = tokens.get(i);
        String gap = gap(i);
        boolean newLine = i == 0 || gap.indexOf('\n') >= 0 || shape.breaks[i] && !shape.verbatim[i];
        if (shape.verbatim[i] && !shape.declares[i]) {
            line.body.append(gap).append(token.text());
            return;
        }
        if (!newLine && token.isComment()) {
            line.comment = "  " + written(token);
            return;
        }
        if (newLine) {
            finish();
            if (i > 0
                    && (blank(gap) && !closes(i) || needsBlank(i))
                    && !lines.get(lines.size() - 1).isBlank()) {
                lines.add(new Line("", false));
            }
            line = new Line("  ".repeat(indent(i)), shape.verbatim[i]);
        } else {
            if (shape.column[i] != Shape.Column.NONE && line.column == Shape.Column.NONE) {
                line.column = shape.column[i];
                line.at = line.body.length();
            }
            line.body.append(shape.glued[i] ? "" : shape.widened[i] ? "   " : " ");
        }
        line.body.append(written(token));
    }

    private void finish() {
        if (!line.isBlank()) {
            lines.add(line);
        }
        line = new Line("", false);
    }

    private static boolean blank(String gap) {
        return gap.indexOf('\n') != gap.lastIndexOf('\n');
    }

    private boolean closes(int index) {
        int type = tokens.get(index).type();
        return shape.breaks[index] && (type == RulesLexer.END || type == RulesLexer.DO);
    }

    /** A comment in a line of its own stands like what follows it; before an end, like what is before. */
    private int indent(int index) {
        if (!tokens.get(index).isComment()) {
            return shape.level[index];
        }
        int next = index;
        while (next < tokens.size() && tokens.get(next).isComment()) {
            next++;
        }
        if (next == tokens.size()) {
            return 0;
        }
        boolean divides = closes(next) || shape.breaks[next] && tokens.get(next).type() == RulesLexer.ELSE;
        return shape.level[next] + (divides ? 1 : 0);
    }

    /** Between two declarations of which one takes several lines stands an empty line, above the comments of the second. */
    private boolean needsBlank(int index) {
        int next = index;
        while (next < tokens.size() && tokens.get(next).isComment()) {
            if (next > index && (gap(next).indexOf('\n') < 0 || blank(gap(next)))) {
                return false;
            }
            next++;
        }
        if (next == tokens.size() || !shape.declares[next] || next > index && blank(gap(next))) {
            return false;
        }
        int before = index - 1;
        while (before >= 0 && tokens.get(before).isComment()) {
            if (gap(before).indexOf('\n') >= 0) {
                return false;
            }
            before--;
        }
        while (before > 0 && !shape.declares[before]) {
            before--;
        }
        return before >= 0 && shape.declares[before] && !(shape.flat[before] && shape.flat[next]);
    }

    /** Pads lines of one group that follow each other, so that something stands in one column. */
    private void column(Function<Line, String> group, boolean inside) {
        int from = 0;
        while (from < lines.size()) {
            String key = lines.get(from).raw ? "" : group.apply(lines.get(from));
            int to = from + 1;
            while (!key.isEmpty()
                    && to < lines.size()
                    && !lines.get(to).raw
                    && group.apply(lines.get(to)).equals(key)) {
                to++;
            }
            if (!key.isEmpty()) {
                align(lines.subList(from, to), inside);
            }
            from = to;
        }
    }

    private static void align(List<Line> group, boolean inside) {
        int widest = 0;
        for (Line each : group) {
            widest = Math.max(widest, width(each, inside));
        }
        for (Line each : group) {
            String pad = " ".repeat(widest - width(each, inside));
            each.body.insert(inside ? each.at : each.body.length(), pad);
        }
    }

    private static int width(Line line, boolean inside) {
        return line.body.codePointCount(0, inside ? line.at : line.body.length());
    }
}
