package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.RuleFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.fieldhouse.rules.syntax.grammar.RulesParserBase;
import org.jspecify.annotations.Nullable;

/**
 * Reads a rule file. Never throws for any text, and takes time in proportion to its length.
 *
 * <p>A correct file is parsed once, in ANTLR's fast SLL mode. Only a file that fails is parsed again with error recovery.
 */
public final class RuleParser {
    /** Largest file, in UTF-16 units. The largest rule file of a real house is below a tenth of it. */
    public static final int MAX_LENGTH = 2_000_000;

    private RuleParser() {}

    /** Parses one file. */
    public static ParseResult parse(SourceFile source) {
        Findings findings = new Findings(source);
        if (source.text().length() > MAX_LENGTH) {
            findings.add(
                    Code.E005,
                    Span.NONE,
                    "this file has " + source.text().length() + " characters, at most " + MAX_LENGTH + " are read",
                    "split it");
            return new ParseResult(new RuleFile(source.path(), List.of()), findings.list());
        }
        if (isNoText(source.text(), findings)) {
            return new ParseResult(new RuleFile(source.path(), List.of()), findings.list());
        }
        Positions at = new Positions(source.text(), 0);
        Set<RulesParser.DeclarationContext> broken = Collections.newSetFromMap(new IdentityHashMap<>());
        CommonTokenStream tokens = tokens(source.text(), 1, 0, at, findings);
        RulesParser.FileContext tree = null;
        if (findings.size() == 0) {
            tree = strictly(tokens);
        }
        if (tree == null) {
            tree = forgivingly(tokens, at, findings, broken);
        }
        List<Decl> declarations = new ArrayList<>();
        if (tree != null) {
            DeclTree build = new DeclTree(at, findings);
            for (RulesParser.DeclarationContext each : tree.declaration()) {
                if (each.getChildCount() > 0) {
                    declarations.add(broken.contains(each) ? build.broken(each) : build.declaration(each));
                }
            }
        }
        return new ParseResult(new RuleFile(source.path(), declarations), findings.list());
    }

    /** Parses one expression; empty if the text is none. */
    public static Optional<Expr> expression(String text) {
        Findings findings = new Findings(new SourceFile("", text));
        Expr found = hole(text, new Span(0, text.length(), 1, 1), findings);
        return found instanceof Expr.Invalid ? Optional.empty() : Optional.of(found);
    }

    /** A null character or half a surrogate pair is in no text that a person wrote; names with it could not be kept. */
    private static boolean isNoText(String text, Findings findings) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                findings.add(
                        Code.E004,
                        new Span(i, i + 1, line, column),
                        c == 0 ? "a null character" : String.format("half a character (U+%04X)", (int) c),
                        "the file is damaged, or is not UTF-8: save it as UTF-8");
                return true;
            }
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return false;
    }

    /** Parses what stands in a hole of a string; an error in it is reported once, as E008. */
    static Expr hole(String inside, Span place, Findings findings) {
        Positions at = new Positions(inside, place.start());
        int before = findings.size();
        CommonTokenStream tokens = tokens(inside, place.line(), place.column() - 1, at, findings);
        if (findings.size() > before) {
            return new Expr.Invalid(place);
        }
        RulesParser parser = parser(tokens);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            return new ExprTree(at, findings).expr(parser.hole().expr());
        } catch (ParseCancellationException e) {
            findings.add(
                    Code.E008,
                    place,
                    "'{" + inside + "}' is not a value",
                    "name a point or a calculation; write '\\{' for the character itself");
            return new Expr.Invalid(place);
        }
    }

    private static RulesParser.@Nullable FileContext strictly(CommonTokenStream tokens) {
        RulesParser parser = parser(tokens);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            return parser.file();
        } catch (ParseCancellationException e) {
            tokens.seek(0);
            return null;
        }
    }

    private static RulesParser.@Nullable FileContext forgivingly(
            CommonTokenStream tokens, Positions at, Findings findings, Set<RulesParser.DeclarationContext> broken) {
        RulesParser parser = parser(tokens);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new SyntaxErrors(at, findings, broken));
        try {
            return parser.file();
        } catch (RulesParserBase.TooDeep e) {
            findings.add(Code.E006, at.span(e.at()), "nested too deeply here", "at most about 60 levels");
            return null;
        }
    }

    private static RulesParser parser(CommonTokenStream tokens) {
        RulesParser parser = new RulesParser(tokens);
        parser.removeErrorListeners();
        return parser;
    }

    /** Lexes, reports what is no word of the language, and repairs it so that parsing can go on. */
    private static CommonTokenStream tokens(String text, int line, int column, Positions at, Findings findings) {
        RulesLexer lexer = new RulesLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        lexer.setLine(line);
        lexer.setCharPositionInLine(column);
        List<Token> kept = new ArrayList<>();
        Token token = lexer.nextToken();
        while (token.getType() != Token.EOF) {
            Token repaired = repaired((CommonToken) token, at, findings);
            if (repaired != null) {
                kept.add(repaired);
            }
            token = lexer.nextToken();
        }
        kept.add(token);
        CommonTokenStream stream = new CommonTokenStream(new ListTokenSource(kept));
        stream.fill();
        return stream;
    }

    private static @Nullable CommonToken repaired(CommonToken token, Positions at, Findings findings) {
        switch (token.getType()) {
            case RulesLexer.OPEN_STRING -> {
                findings.add(
                        Code.E002,
                        at.span(token),
                        "this text has no closing quote",
                        "a text ends on the line where it begins; write '\\\"' for a quote inside it");
                token.setType(RulesLexer.STRING);
            }
            case RulesLexer.OPEN_PATH -> {
                findings.add(
                        Code.E002, at.span(token), "this name has no closing back-quote", "add '`' behind the name");
                token.setType(RulesLexer.PATH);
            }
            case RulesLexer.STRAY -> {
                findings.add(
                        Code.E004,
                        at.span(token),
                        "'" + token.getText() + "' means nothing here",
                        stray(token.getText()));
                return null;
            }
            default -> {}
        }
        return token;
    }

    private static String stray(String character) {
        return switch (character) {
            case "'", "\u201c", "\u201d", "\u201e" -> "texts stand in \"straight double quotes\"";
            case "{", "}", ";" -> "a body ends with 'end', and needs no '" + character + "'";
            case "&" -> "write 'and'";
            case "!" -> "write 'not'";
            default -> "";
        };
    }
}
