package org.fieldhouse.rules.editor;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.jspecify.annotations.Nullable;

/**
 * How a text is laid out: for each token whether a line begins with it, how far that is indented, and whether a space stands before
 * it. It follows the grammar by a few habits of it, not by the name of each construct: what ends in {@code Part} or {@code Head}
 * begins a line in its declaration, statements begin a line in their block.
 */
final class Shape {
    /** A longer line is broken where a declaration was written in one. */
    static final int MAX_WIDTH = 120;

    /** Lines of one kind that follow each other have their second columns aligned. */
    enum Column {
        NONE,
        ACT,
        EXPECTATION,
        BRANCH
    }

    private static final Set<String> PARTS = Set.of("head", "step", "onFail", "timed");
    private static final Set<Integer> OPENERS = Set.of(RulesLexer.GIVEN, RulesLexer.KEEP, RulesLexer.OTHERWISE);

    final boolean[] breaks;
    final int[] level;
    final boolean[] glued;
    final boolean[] widened;
    final boolean[] verbatim;
    final boolean[] declares;
    final boolean[] flat;
    final Column[] column;

    private final String text;
    private final List<Lexeme> tokens;

    Shape(String text, List<Lexeme> tokens) {
        int size = tokens.size();
        this.text = text;
        this.tokens = tokens;
        breaks = new boolean[size];
        level = new int[size];
        glued = new boolean[size];
        widened = new boolean[size];
        verbatim = new boolean[size];
        declares = new boolean[size];
        flat = new boolean[size];
        column = new Column[size];
        Arrays.fill(column, Column.NONE);
        if (size > 0 && !read(0, size)) {
            readInPieces();
        }
    }

    /** One declaration after the other; those that cannot be parsed stay as they are. */
    private void readInPieces() {
        int from = 0;
        for (int i = 1; i <= tokens.size(); i++) {
            if (i == tokens.size() || startsPiece(i)) {
                if (!read(from, i)) {
                    Arrays.fill(verbatim, from, i, true);
                    declares[from] = true;
                }
                from = i;
            }
        }
    }

    private boolean startsPiece(int index) {
        Lexeme each = tokens.get(index);
        boolean step = each.type() == RulesLexer.EXPECT
                && index + 1 < tokens.size()
                && tokens.get(index + 1).type() == RulesLexer.AT;
        return Caret.startsDeclaration(each) && !step && Caret.startsLine(text, each);
    }

    private boolean read(int from, int to) {
        int begin = tokens.get(from).start();
        RulesLexer lexer = new RulesLexer(
                CharStreams.fromString(text.substring(begin, tokens.get(to - 1).end())));
        lexer.removeErrorListeners();
        RulesParser parser = new RulesParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            for (RulesParser.DeclarationContext each : parser.file().declaration()) {
                declaration((ParserRuleContext) each.getChild(0), from);
            }
            return true;
        } catch (ParseCancellationException e) {
            return false;
        }
    }

    private void declaration(ParserRuleContext decl, int base) {
        int first = base + decl.getStart().getTokenIndex();
        spacing(decl, base);
        continues(decl, base, 1);
        line(first, 0);
        declares[first] = true;
        flat[first] = isFlat(decl, base, 0);
        if (!flat[first]) {
            parts(decl, base);
        }
    }

    private void line(int index, int indent) {
        breaks[index] = true;
        level[index] = indent;
    }

    /** Where the author broke a line inside of it, the next one is indented so far. */
    private void continues(ParserRuleContext node, int base, int indent) {
        Arrays.fill(
                level,
                base + node.getStart().getTokenIndex(),
                base + node.getStop().getTokenIndex() + 1,
                indent);
    }

    private boolean isFlat(ParserRuleContext node, int base, int indent) {
        int first = base + node.getStart().getTokenIndex();
        int last = base + node.getStop().getTokenIndex();
        if (text.substring(tokens.get(first).start(), tokens.get(last).end()).indexOf('\n') >= 0) {
            return false;
        }
        int width = 2 * indent;
        for (int i = first; i <= last; i++) {
            width += (i > first && !glued[i] ? 1 : 0)
                    + Formatter.written(tokens.get(i)).length();
        }
        return width <= MAX_WIDTH;
    }

    private void parts(ParserRuleContext decl, int base) {
        boolean header = true;
        for (int i = 0; i < decl.getChildCount(); i++) {
            ParseTree child = decl.getChild(i);
            if (child instanceof TerminalNode node) {
                int index = base + node.getSymbol().getTokenIndex();
                int type = node.getSymbol().getType();
                boolean closes = type == RulesLexer.END || type == RulesLexer.DO;
                if (closes || OPENERS.contains(type)) {
                    line(index, closes ? 0 : 1);
                    header = false;
                }
            } else if (child instanceof RulesParser.BlockContext block) {
                block(block, base, 1);
            } else if (child instanceof ParserRuleContext part && part.getStop() != null) {
                boolean begins = isPart(part, decl);
                boolean beside = header
                        && staysBeside(part)
                        && !onNewLine(base + part.getStart().getTokenIndex());
                if (begins && !beside) {
                    part(part, base);
                    header = false;
                } else if (!header) {
                    continues(part, base, 3);
                }
            }
        }
    }

    private static boolean isPart(ParserRuleContext part, ParserRuleContext decl) {
        String name = RulesParser.ruleNames[part.getRuleIndex()];
        boolean value = part instanceof RulesParser.AssignmentContext && decl instanceof RulesParser.SceneDeclContext;
        return value || PARTS.contains(name) || name.endsWith("Part") || name.endsWith("Head");
    }

    /** {@code control Living.Valve class comfort}, {@code alarm X priority high}: if it was written so. */
    private static boolean staysBeside(ParserRuleContext part) {
        int type = part.getStart().getType();
        return type == RulesLexer.CLASS || type == RulesLexer.PRIORITY;
    }

    private boolean onNewLine(int index) {
        return index > 0
                && text.substring(tokens.get(index - 1).end(), tokens.get(index).start())
                                .indexOf('\n')
                        >= 0;
    }

    private void part(ParserRuleContext part, int base) {
        int first = base + part.getStart().getTokenIndex();
        continues(part, base, 3);
        line(first, 1);
        if (part.getStart().getType() == RulesLexer.IF && first + 1 < tokens.size()) {
            widened[first + 1] = true;
        }
        columns(part, base);
        for (int i = 0; i < part.getChildCount(); i++) {
            if (part.getChild(i) instanceof RulesParser.BlockContext block) {
                block(block, base, 2);
            }
        }
    }

    private void columns(ParserRuleContext part, int base) {
        if (part instanceof RulesParser.TimedActContext act) {
            column[base + act.act(0).getStart().getTokenIndex()] = Column.ACT;
        } else if (part instanceof RulesParser.TimedExpectContext expect) {
            column[base + expect.expectation().getStart().getTokenIndex()] = Column.EXPECTATION;
        } else if (part instanceof RulesParser.ControlBranchContext branch) {
            column[base + branch.WHEN().getSymbol().getTokenIndex()] = Column.BRANCH;
        }
    }

    private void block(RulesParser.BlockContext block, int base, int indent) {
        for (RulesParser.StatementContext each : block.statement()) {
            continues(each, base, indent + 2);
            line(base + each.getStart().getTokenIndex(), indent);
            if (!isFlat(each, base, indent)) {
                inner(each, base, indent);
            }
        }
    }

    /** The blocks of a statement, and the words that divide them. */
    private void inner(ParserRuleContext node, int base, int indent) {
        for (int i = 0; i < node.getChildCount(); i++) {
            ParseTree child = node.getChild(i);
            ParseTree next = i + 1 < node.getChildCount() ? node.getChild(i + 1) : null;
            if (child instanceof RulesParser.BlockContext block) {
                block(block, base, indent + 1);
            } else if (child instanceof RulesParser.ElseIfContext other) {
                line(base + other.getStart().getTokenIndex(), indent);
                inner(other, base, indent);
            } else if (child instanceof RulesParser.WaitElseContext other) {
                inner(other, base, indent);
            } else if (child instanceof TerminalNode node2 && divides(node2, next)) {
                line(base + node2.getSymbol().getTokenIndex(), indent);
            }
        }
    }

    private static boolean divides(TerminalNode node, @Nullable ParseTree next) {
        int type = node.getSymbol().getType();
        return type == RulesLexer.END || type == RulesLexer.ELSE && next instanceof RulesParser.BlockContext;
    }

    /** Where no space belongs. */
    private void spacing(ParseTree node, int base) {
        if (node instanceof TerminalNode leaf) {
            int index = base + leaf.getSymbol().getTokenIndex();
            ParserRuleContext parent = (ParserRuleContext) leaf.getParent();
            boolean leads = parent.getStart() == leaf.getSymbol();
            switch (leaf.getSymbol().getType()) {
                case RulesLexer.COMMA, RulesLexer.COLON, RulesLexer.RPAREN, RulesLexer.MEMBER -> glued[index] = true;
                case RulesLexer.LPAREN -> {
                    glued[index] |= !leads;
                    glue(index + 1);
                }
                case RulesLexer.MINUS -> {
                    if (parent instanceof RulesParser.SignedContext) {
                        glue(index + 1);
                    }
                }
                case RulesLexer.SLASH -> {
                    if (parent instanceof RulesParser.UnitContext) {
                        glued[index] = true;
                        glue(index + 1);
                    }
                }
                default -> {}
            }
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            spacing(node.getChild(i), base);
        }
    }

    private void glue(int index) {
        if (index < glued.length) {
            glued[index] = true;
        }
    }
}
