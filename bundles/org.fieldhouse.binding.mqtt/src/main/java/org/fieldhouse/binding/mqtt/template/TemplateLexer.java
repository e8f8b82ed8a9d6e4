package org.fieldhouse.binding.mqtt.template;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.binding.mqtt.template.Token.Kind;

/** Cuts a template into tokens. */
final class TemplateLexer {
    private static final int MAX_LENGTH = 8_192;
    private static final List<String> SIGNS = List.of(
            "**", "//", "==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|", "~", "+",
            "-", "*", "/", "%", "=");

    private final String in;
    private int at;
    private final List<Token> out = new ArrayList<>();

    TemplateLexer(String in) throws TemplateException {
        if (in.length() > MAX_LENGTH) {
            throw new TemplateException("template of " + in.length() + " characters, at most " + MAX_LENGTH);
        }
        this.in = in;
    }

    List<Token> tokens() throws TemplateException {
        boolean trim = false;
        while (at < in.length()) {
            int print = in.indexOf("{{", at);
            int statement = in.indexOf("{%", at);
            int comment = in.indexOf("{#", at);
            int next = Math.min(end(print), Math.min(end(statement), end(comment)));
            String text = in.substring(at, next);
            if (trim) {
                text = text.stripLeading();
            }
            if (next < in.length() && in.startsWith("-", next + 2)) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                out.add(new Token(Kind.TEXT, text, at));
            }
            at = next;
            if (next < in.length()) {
                trim = next == comment ? comment() : tag(next == print);
            }
        }
        out.add(new Token(Kind.END, "the end", in.length()));
        return out;
    }

    private int end(int found) {
        return found < 0 ? in.length() : found;
    }

    private boolean comment() throws TemplateException {
        int close = in.indexOf("#}", at);
        if (close < 0) {
            throw new TemplateException("'{#' without '#}'");
        }
        at = close + 2;
        return in.charAt(close - 1) == '-';
    }

    /** One {@code {{ … }}} or {@code {% … %}}; says whether blanks behind it go. */
    private boolean tag(boolean print) throws TemplateException {
        out.add(new Token(print ? Kind.OPEN_PRINT : Kind.OPEN_STATEMENT, in.substring(at, at + 2), at));
        at += in.startsWith("-", at + 2) ? 3 : 2;
        String close = print ? "}}" : "%}";
        int braces = 0;
        while (true) {
            while (at < in.length() && Character.isWhitespace(in.charAt(at))) {
                at++;
            }
            if (at >= in.length()) {
                throw new TemplateException("'" + (print ? "{{" : "{%") + "' without '" + close + "'");
            }
            boolean trims = in.startsWith("-" + close, at);
            if (braces == 0 && (trims || in.startsWith(close, at))) {
                out.add(new Token(print ? Kind.CLOSE_PRINT : Kind.CLOSE_STATEMENT, close, at));
                at += trims ? 3 : 2;
                return trims;
            }
            Token t = token();
            braces += t.is("{") ? 1 : t.is("}") ? -1 : 0;
            out.add(t);
        }
    }

    private Token token() throws TemplateException {
        int start = at;
        char c = in.charAt(at);
        if (c == '\'' || c == '"') {
            return string(c);
        }
        if (Character.isLetter(c) || c == '_') {
            while (at < in.length() && (Character.isLetterOrDigit(in.charAt(at)) || in.charAt(at) == '_')) {
                at++;
            }
            return new Token(Kind.NAME, in.substring(start, at), start);
        }
        if (c >= '0' && c <= '9') {
            // Behind a point it is an index: value_json.list.0.1 has two of them.
            boolean index = start > 0 && in.charAt(start - 1) == '.';
            while (at < in.length() && (Character.isDigit(in.charAt(at)) || !index && (isPoint() || isExponent()))) {
                at++;
            }
            return new Token(Kind.NUMBER, in.substring(start, at), start);
        }
        for (String sign : SIGNS) {
            if (in.startsWith(sign, at)) {
                at += sign.length();
                return new Token(Kind.SIGN, sign, start);
            }
        }
        throw new TemplateException("unexpected '" + c + "'");
    }

    private boolean isPoint() {
        return in.charAt(at) == '.' && at + 1 < in.length() && Character.isDigit(in.charAt(at + 1));
    }

    private boolean isExponent() {
        return (in.charAt(at) == 'e' || in.charAt(at) == 'E')
                && at + 1 < in.length()
                && Character.isDigit(in.charAt(at + 1));
    }

    private Token string(char quote) throws TemplateException {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < in.length() && in.charAt(at) != quote) {
            char c = in.charAt(at++);
            if (c == '\\' && at < in.length()) {
                char escaped = in.charAt(at++);
                c = switch (escaped) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case '\\', '\'', '"' -> escaped;
                    default -> throw new TemplateException("escape '\\" + escaped + "'");
                };
            }
            text.append(c);
        }
        if (at >= in.length()) {
            throw new TemplateException("a string without its closing quote");
        }
        at++;
        return new Token(Kind.STRING, text.toString(), start);
    }
}
