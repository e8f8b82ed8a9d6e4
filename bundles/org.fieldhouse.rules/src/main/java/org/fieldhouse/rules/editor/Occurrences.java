package org.fieldhouse.rules.editor;

import java.util.List;
import java.util.Optional;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Rename;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.jspecify.annotations.Nullable;

/** Where a name is declared and used. Works on tokens, so it does not matter whether the text can be parsed. */
final class Occurrences {
    /** Kinds of declarations whose key is a name that others use. */
    private static final List<String> NAMED =
            List.of("scene", "group", "variable", "counter", "alarm", "expect", "sequence");

    private Occurrences() {}

    /**
     * The name that stands at a place.
     *
     * @param text without back-quotes
     * @param local whether it is a {@code let} of the declaration around it
     * @param from offset
     * @param to offset behind it
     */
    record Named(String text, boolean local, int from, int to) {}

    /** The owner's name at the offset, also inside the braces of a text; none in quotes that hold nothing yet. */
    static Optional<Named> at(String text, int offset) {
        for (Lexeme each : Lexeme.names(text)) {
            if (each.touches(offset)) {
                Lexeme let = let(text, each);
                return each.isPath() && !each.name().isBlank() || let != null
                        ? Optional.of(new Named(each.name(), let != null, each.start(), each.end()))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The stretch of the declaration around an offset. */
    private static int[] around(String text, int offset) {
        int from = 0;
        int to = text.length();
        for (Lexeme each : Lexeme.spoken(text)) {
            boolean starts =
                    Caret.startsDeclaration(each) && each.type() != RulesLexer.EXPECT && Caret.startsLine(text, each);
            if (starts && each.start() <= offset) {
                from = each.start();
            } else if (starts && each.start() < to) {
                to = each.start();
            }
        }
        return new int[] {from, to};
    }

    /** The name of the {@code let} that a name in the same declaration refers to, itself included; null if there is none. */
    private static @Nullable Lexeme let(String text, Lexeme name) {
        int[] around = around(text, name.start());
        Lexeme found = null;
        Lexeme before = null;
        for (Lexeme each : Lexeme.spoken(text)) {
            boolean inside = each.start() >= around[0] && each.start() < around[1] && each.start() <= name.start();
            if (inside
                    && before != null
                    && before.type() == RulesLexer.LET
                    && each.name().equals(name.name())) {
                found = each;
            }
            before = each;
        }
        return found;
    }

    /** Uses of a {@code let}, its declaration first. */
    static List<Span> ofLocal(SourceFile file, Named name) {
        Lexeme at = new Lexeme(RulesLexer.PATH, name.text(), name.from(), name.to());
        Lexeme let = let(file.text(), at);
        if (let == null) {
            return List.of();
        }
        int to = around(file.text(), name.from())[1];
        TextLines lines = new TextLines(file.text());
        return Lexeme.names(file.text()).stream()
                .filter(each -> each.start() >= let.start() && each.start() < to)
                .filter(each -> each.name().equals(name.text()))
                .map(each -> lines.span(each.start(), each.end()))
                .toList();
    }

    /** Uses of a name of a device or declaration in one file. */
    static List<Span> ofName(SourceFile file, String name) {
        return new Rename(name, name).places(file);
    }

    /** Where a name is declared; a device only if a file expects it. */
    static List<NameTable.Declared> declarations(NameTable names, String name) {
        return names.declarations().stream()
                .filter(each -> isNamed(each.decl(), name))
                .toList();
    }

    private static boolean isNamed(Decl decl, String name) {
        return (decl instanceof Decl.Broken || NAMED.contains(decl.kind()))
                && decl.key().equals(name);
    }
}
