package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of a text in openHAB's languages; comments are left out. Never fails: what is nothing else is a sign of its own. */
final class OhTokens {
    /** What a word is. */
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SIGN
    }

    /**
     * A word.
     *
     * @param text without its quotes, and with its escapes read, if it is a TEXT
     */
    record Token(Kind kind, String text, int line) {
        boolean is(String sign) {
            return kind != Kind.TEXT && text.equals(sign);
        }
    }

    private static final Pattern WORD = Pattern.compile(
            "(?<space>\\s+|//[^\\r\\n]*|/\\*(?:[^*]|\\*(?!/))*+(?:\\*/)?)"
                    + "|(?<name>\\^?[\\p{L}_$][\\p{L}\\p{N}_$]*+)"
                    + "|(?<number>\\d++(?:\\.\\d++)?)"
                    + "|\"(?<text>(?:[^\"\\\\]|\\\\.)*+)\"|'(?<other>(?:[^'\\\\]|\\\\.)*+)'"
                    + "|(?<sign>===|!==|==|!=|<=|>=|&&|\\|\\||\\?\\.|::|->|=>|\\+=|-=|.)",
            Pattern.DOTALL);

    private OhTokens() {}

    static List<Token> of(String text) {
        List<Token> out = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        int line = 1;
        int at = 0;
        while (at < text.length() && words.find(at)) {
            String quoted = words.group("text") != null ? words.group("text") : words.group("other");
            if (words.group("name") != null) {
                out.add(new Token(Kind.NAME, words.group("name"), line));
            } else if (words.group("number") != null) {
                out.add(new Token(Kind.NUMBER, words.group("number"), line));
            } else if (quoted != null) {
                out.add(new Token(Kind.TEXT, unescaped(quoted), line));
            } else if (words.group("sign") != null) {
                out.add(new Token(Kind.SIGN, words.group("sign"), line));
            }
            for (int i = words.start(); i < words.end(); i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
            at = words.end();
        }
        return out;
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                out.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i) == 't' ? ' ' : text.charAt(i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
