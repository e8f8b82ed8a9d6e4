package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Span;

/** Reads what is between the quotes of a string: text, escapes ({@code \" \\ \{ \} \n \t}), and holes. */
final class TextReader {
    private final Span span;
    private final String quoted;
    private final ExprTree exprs;
    private final List<Expr.Part> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    TextReader(Span span, String quoted, ExprTree exprs) {
        this.span = span;
        this.quoted = quoted;
        this.exprs = exprs;
    }

    Expr.TextLit read() {
        boolean closed = quoted.length() > 1 && quoted.endsWith("\"");
        int end = closed ? quoted.length() - 1 : quoted.length();
        int i = 1;
        while (i < end) {
            char c = quoted.charAt(i);
            if (c == '\\' && i + 1 < end) {
                escape(quoted.charAt(i + 1), i);
                i += 2;
            } else if (c == '{') {
                i = hole(i, end);
            } else {
                text.append(c);
                i++;
            }
        }
        flush();
        return new Expr.TextLit(parts, span);
    }

    private void escape(char c, int at) {
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case '"', '\\', '{', '}' -> text.append(c);
            default ->
                exprs.findings()
                        .add(
                                Code.E007,
                                part(at, at + 2),
                                "unknown escape '\\" + c + "'",
                                "known are \\\" \\\\ \\{ \\} \\n \\t");
        }
    }

    private int hole(int open, int end) {
        int close = quoted.indexOf('}', open);
        int next = quoted.indexOf('{', open + 1);
        boolean nested = next >= 0 && next < close;
        if (close < 0 || close >= end || nested) {
            exprs.findings()
                    .add(
                            Code.E008,
                            part(open, open + 1),
                            "this '{' is not closed",
                            "write '\\{' for the character itself");
            return nested ? next : end;
        }
        flush();
        String inside = quoted.substring(open + 1, close);
        if (inside.isBlank()) {
            exprs.findings().add(Code.E008, part(open, close + 1), "nothing between '{' and '}'", "name a point");
        } else {
            Span at = part(open + 1, close);
            parts.add(new Expr.Hole(RuleParser.hole(inside, at, exprs.findings())));
        }
        return close + 1;
    }

    private void flush() {
        if (!text.isEmpty()) {
            parts.add(new Expr.Text(text.toString()));
            text.setLength(0);
        }
    }

    private Span part(int from, int to) {
        int column = span.column() + quoted.codePointCount(0, from);
        return new Span(span.start() + from, span.start() + to, span.line(), column);
    }
}
