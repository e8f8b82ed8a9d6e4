package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.rules.editor.Follower.Candidate;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;

/**
 * A place in a text where somebody is typing: what stands before it, and the piece of a word that is there already.
 *
 * @param text all of it
 * @param before the tokens of this declaration, and perhaps of some before it, without the piece
 * @param from where the piece begins; what is chosen replaces the text from here
 * @param piece what is typed already; may be empty
 * @param inHole whether it is between the braces of a text
 * @param around what stands before it outside of the text that it is in; the same as {@code before} if it is in none
 * @param silent whether nothing can be offered: in a comment or in the words of a text
 */
record Caret(
        String text, List<Lexeme> before, int from, String piece, boolean inHole, List<Lexeme> around, boolean silent) {

    static Caret at(String text, int offset) {
        List<Lexeme> all = Lexeme.of(text.substring(0, offset));
        Lexeme last = all.isEmpty() ? null : all.get(all.size() - 1);
        if (last != null
                && last.isComment()
                && text.substring(last.end(), offset).isBlank()) {
            return last.end() == offset ? nothing(text, offset) : of(text, offset, offset, all);
        }
        if (last != null && last.type() == RulesLexer.OPEN_STRING) {
            return inText(text, offset, all);
        }
        return of(text, offset, pieceStart(text, offset), all);
    }

    private static Caret inText(String text, int offset, List<Lexeme> all) {
        List<Lexeme.Hole> holes = all.get(all.size() - 1).holes();
        Lexeme.Hole hole = holes.isEmpty() ? null : holes.get(holes.size() - 1);
        if (hole == null || !hole.touches(offset) || hole.text().indexOf('}') >= 0) {
            return nothing(text, offset);
        }
        int from = Math.max(hole.start(), pieceStart(text, offset));
        List<Lexeme> inside = Lexeme.spoken(hole.text().substring(0, from - hole.start()));
        List<Lexeme> context = new ArrayList<>(all.subList(0, all.size() - 1));
        context.removeIf(Lexeme::isComment);
        String piece = text.substring(from, offset);
        return new Caret(
                text,
                inside.stream().map(each -> each.movedBy(hole.start())).toList(),
                from,
                piece,
                true,
                lastDeclarations(text, context),
                false);
    }

    private static Caret nothing(String text, int offset) {
        return new Caret(text, List.of(), offset, "", false, List.of(), true);
    }

    private static Caret of(String text, int offset, int from, List<Lexeme> all) {
        List<Lexeme> before = new ArrayList<>(all);
        before.removeIf(each -> each.isComment() || each.start() >= from);
        if (!before.isEmpty() && before.get(before.size() - 1).end() > from) {
            // The piece was read together with a number: "21 k".
            before = new ArrayList<>(Lexeme.spoken(text.substring(0, from)));
        }
        List<Lexeme> near = lastDeclarations(text, before);
        return new Caret(text, near, from, text.substring(from, offset), false, near, false);
    }

    /** From the declaration that the caret may be in; what is further up cannot matter. */
    private static List<Lexeme> lastDeclarations(String text, List<Lexeme> tokens) {
        for (int i = tokens.size() - 1; i > 0; i--) {
            Lexeme each = tokens.get(i);
            if (startsDeclaration(each) && each.type() != RulesLexer.EXPECT && startsLine(text, each)) {
                return List.copyOf(tokens.subList(i, tokens.size()));
            }
        }
        return List.copyOf(tokens);
    }

    static boolean startsDeclaration(Lexeme token) {
        return token.type() >= RulesLexer.RULE && token.type() <= RulesLexer.EXPECT;
    }

    static boolean startsLine(String text, Lexeme token) {
        return text.substring(text.lastIndexOf('\n', token.start() - 1) + 1, token.start())
                .isBlank();
    }

    /** Where the path, word, member or unit begins that ends at the offset. */
    static int pieceStart(String text, int offset) {
        int lineStart = text.lastIndexOf('\n', offset - 1) + 1;
        int at = offset;
        if (quoteIsOpen(text, lineStart, offset)) {
            at = text.lastIndexOf('`', offset - 1);
        }
        while (at > lineStart) {
            char c = text.charAt(at - 1);
            if (c == '`') {
                int open = text.lastIndexOf('`', at - 2);
                if (open < lineStart) {
                    break;
                }
                at = open;
            } else if (Character.isLetterOrDigit(c)
                    || c == '_'
                    || c == '.'
                    || c == '°'
                    || c == '%'
                    || c == '³'
                    || c == '²') {
                at--;
            } else {
                break;
            }
        }
        return unitStart(text, at, offset);
    }

    /** {@code 21°} is a number and the piece of a unit. */
    private static int unitStart(String text, int from, int offset) {
        int at = from;
        while (at < offset && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.' && at > from)) {
            at++;
        }
        return at;
    }

    private static boolean quoteIsOpen(String text, int lineStart, int offset) {
        return text.substring(lineStart, offset).chars().filter(c -> c == '`').count() % 2 == 1;
    }

    /** The {@code let}s in sight, with their expressions. */
    Map<String, String> locals() {
        return locals(around);
    }

    /** What can stand behind these tokens, which are {@code before} or fewer. */
    Set<Candidate> candidates(List<Lexeme> tokens) {
        return inHole ? Follower.behindInHole(text, tokens) : Follower.behind(text, tokens);
    }

    /** The tokens from one index to another as text, for the checker. */
    static String text(List<Lexeme> tokens, int from, int to) {
        StringBuilder all = new StringBuilder();
        for (Lexeme each : tokens.subList(from, to)) {
            all.append(all.isEmpty() || each.type() == RulesLexer.MEMBER ? "" : " ")
                    .append(each.text());
        }
        return all.toString();
    }

    /** The {@code let}s before the last token, with their expressions: each ends where the next statement begins. */
    static Map<String, String> locals(List<Lexeme> tokens) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            if (startsDeclaration(tokens.get(i)) && tokens.get(i).type() != RulesLexer.EXPECT) {
                all.clear();
            }
            if (tokens.get(i).type() == RulesLexer.LET && tokens.get(i + 2).type() == RulesLexer.ASSIGN) {
                int end = i + 3;
                while (end < tokens.size() && !startsStatement(tokens.get(end).type())) {
                    end++;
                }
                all.put(tokens.get(i + 1).name(), text(tokens, i + 3, end));
            }
        }
        return all;
    }

    private static boolean startsStatement(int type) {
        return switch (type) {
            case RulesLexer.TURN,
                    RulesLexer.OPEN,
                    RulesLexer.CLOSE,
                    RulesLexer.LOCK,
                    RulesLexer.UNLOCK,
                    RulesLexer.TOGGLE,
                    RulesLexer.SET,
                    RulesLexer.RELEASE,
                    RulesLexer.ACTIVATE,
                    RulesLexer.CALL,
                    RulesLexer.NOTIFY,
                    RulesLexer.LOG,
                    RulesLexer.RAISE,
                    RulesLexer.CLEAR,
                    RulesLexer.WAIT,
                    RulesLexer.IF,
                    RulesLexer.ELSE,
                    RulesLexer.REPEAT,
                    RulesLexer.LET,
                    RulesLexer.STOP,
                    RulesLexer.FAIL,
                    RulesLexer.STEP,
                    RulesLexer.END -> true;
            default -> false;
        };
    }
}
