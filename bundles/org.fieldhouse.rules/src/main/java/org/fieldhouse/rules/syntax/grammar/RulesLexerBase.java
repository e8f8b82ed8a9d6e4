package org.fieldhouse.rules.syntax.grammar;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.Lexer;
import org.fieldhouse.api.value.Units;

/** Decides where a number ends: {@code 5 min} is one token, {@code 3 times} and {@code 3 Hall.Light} are two. */
public abstract class RulesLexerBase extends Lexer {
    protected RulesLexerBase(CharStream input) {
        super(input);
    }

    /** All lower-case words that mean something. */
    public static Set<String> keywords() {
        return Keywords.ALL;
    }

    /** Called behind a number and whatever stood behind it on its line that looks like a unit. */
    protected void splitUnit() {
        String text = getText();
        int digits = 0;
        while (digits < text.length() && (isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
            digits++;
        }
        String unit = text.substring(digits).strip();
        if (unit.isEmpty()) {
            setType(RulesLexer.NUMBER);
            return;
        }
        int keep = unitLength(unit);
        if (keep == 0) {
            rewindTo(digits);
            setType(RulesLexer.NUMBER);
        } else if (keep < unit.length()) {
            rewindTo(text.codePointCount(0, text.length() - unit.length() + keep));
        }
    }

    /** How much of the text is the unit; nothing if it is a keyword or a name. */
    private int unitLength(String unit) {
        int end = unit.length();
        while (end > 0) {
            String part = unit.substring(0, end);
            boolean divided = end < unit.length() && !Character.isUpperCase(unit.charAt(end + 1));
            if (!divided && Units.find(part).isPresent()) {
                return isName(part) && end == unit.length() ? 0 : end;
            }
            end = unit.lastIndexOf('/', end - 1);
        }
        int slash = unit.indexOf('/');
        String first = slash < 0 ? unit : unit.substring(0, slash);
        boolean name = Keywords.ALL.contains(first) || Character.isUpperCase(first.charAt(0)) && beginsSomething();
        return name ? 0 : unit.length();
    }

    /** {@code V1} and {@code K.Lamp} are devices although V and K are units. */
    private boolean isName(String part) {
        if (!Character.isUpperCase(part.charAt(0))) {
            return false;
        }
        int next = _input.LA(1);
        char last = part.charAt(part.length() - 1);
        return next != IntStream.EOF && (next == '.' || next == '_') || isDigit(last) && part.indexOf('/') < 0;
    }

    /** Whether what follows shows that the capitalised word behind the number is a name: {@code 3 Lamp = on}. */
    private boolean beginsSomething() {
        int ahead = 1;
        while (_input.LA(ahead) == ' ' || _input.LA(ahead) == '\t') {
            ahead++;
        }
        int next = _input.LA(ahead);
        return next == '=' || next == '.' || next == '_' || next == '`';
    }

    private void rewindTo(int codePoints) {
        _input.seek(_tokenStartCharIndex + codePoints);
        getInterpreter().setLine(_tokenStartLine);
        getInterpreter().setCharPositionInLine(_tokenStartCharPositionInLine + codePoints);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Filled at first use: the generated subclass, which knows the words, is initialised after this class. */
    private static final class Keywords {
        static final Set<String> ALL = read();

        private static Set<String> read() {
            Set<String> words = new TreeSet<>();
            for (int type = 1; type <= RulesLexer.VOCABULARY.getMaxTokenType(); type++) {
                String literal = RulesLexer.VOCABULARY.getLiteralName(type);
                if (literal != null && literal.length() > 2 && Character.isLowerCase(literal.charAt(1))) {
                    words.add(literal.substring(1, literal.length() - 1).toLowerCase(Locale.ROOT));
                }
            }
            return Collections.unmodifiableSet(words);
        }
    }
}
