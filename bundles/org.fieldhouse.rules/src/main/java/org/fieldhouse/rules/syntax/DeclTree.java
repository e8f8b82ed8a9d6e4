package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.ast.Assignment;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes declarations of the parse tree. */
final class DeclTree {
    private final Positions at;
    private final Findings findings;
    private final ExprTree exprs;
    private final EdgeTree edges;
    private final StmtTree stmts;

    DeclTree(Positions at, Findings findings) {
        this.at = at;
        this.findings = findings;
        this.exprs = new ExprTree(at, findings);
        this.edges = new EdgeTree(exprs);
        this.stmts = new StmtTree(exprs);
    }

    Decl declaration(DeclarationContext c) {
        ParserRuleContext inner = (ParserRuleContext) c.getChild(0);
        Span span = at.span(c);
        if (inner instanceof RuleDeclContext d) {
            return rule(d, span);
        } else if (inner instanceof ControlDeclContext d) {
            return control(d, span);
        } else if (inner instanceof KeepDeclContext d) {
            return keep(d, span);
        } else if (inner instanceof SequenceDeclContext d) {
            return sequence(d, span);
        } else if (inner instanceof AlarmDeclContext d) {
            return new AlarmTree(at, exprs, findings).alarm(d, span);
        } else if (inner instanceof LinkDeclContext d) {
            return link(d, span);
        } else if (inner instanceof SceneDeclContext d) {
            return new Decl.Scene(exprs.path(d.PATH()), assignments(d.assignment()), span);
        } else if (inner instanceof GroupDeclContext d) {
            return group(d, span);
        } else if (inner instanceof VariableDeclContext d) {
            List<Name> choices = new ArrayList<>();
            d.word().forEach(word -> choices.add(at.name(word)));
            return new Decl.Variable(exprs.path(d.PATH()), choices, exprs.expr(d.expr()), span);
        } else if (inner instanceof CounterDeclContext d) {
            Decl.Reset reset = d.resetAt() == null ? null : reset(d.resetAt());
            return new Decl.Counter(exprs.path(d.PATH()), measure(d.measure()), reset, span);
        } else if (inner instanceof UploadDeclContext d) {
            return upload(d, span);
        } else if (inner instanceof TestDeclContext d) {
            return new TestTree(exprs).test(d, span);
        }
        ExpectDeclContext expect = (ExpectDeclContext) inner;
        Name path = exprs.path(expect.PATH());
        return new Decl.Expect(new Ref(path, null, path.span()), at.name(expect.word()), span);
    }

    /** What is left of a declaration with a syntax error: what it is and what it is called. */
    Decl.Broken broken(DeclarationContext c) {
        List<Token> words = new ArrayList<>();
        tokens(c, words);
        String kind = c.getStart().getText();
        for (Token token : words) {
            if (token.getType() == RulesLexer.PATH) {
                return new Decl.Broken(kind, new Name(token.getText().replace("`", ""), at.span(token)), at.span(c));
            }
            if (token.getType() == RulesLexer.STRING) {
                String text = token.getText();
                String name = text.length() > 1 ? text.substring(1, text.length() - 1) : "";
                return new Decl.Broken(kind, new Name(name, at.span(token)), at.span(c));
            }
        }
        return new Decl.Broken(kind, new Name("", at.span(c.getStart())), at.span(c));
    }

    private static void tokens(ParseTree tree, List<Token> into) {
        boolean written = tree instanceof TerminalNode leaf && leaf.getSymbol().getTokenIndex() >= 0;
        if (written) {
            into.add(((TerminalNode) tree).getSymbol());
        }
        for (int i = 0; i < tree.getChildCount() && into.size() < 4; i++) {
            tokens(tree.getChild(i), into);
        }
    }

    private Decl.Rule rule(RuleDeclContext d, Span span) {
        Heads heads = new Heads(at, exprs, edges, findings);
        d.head().forEach(heads::add);
        return new Decl.Rule(
                text(d.STRING()),
                heads.triggers,
                heads.condition(),
                heads.mode,
                heads.outage,
                heads.priority,
                stmts.block(d.block()),
                span);
    }

    private Decl.Sequence sequence(SequenceDeclContext d, Span span) {
        Heads heads = new Heads(at, exprs, edges, findings);
        List<Expr> require = new ArrayList<>();
        for (SequenceHeadContext each : d.sequenceHead()) {
            if (each.head() != null) {
                heads.add(each.head());
            } else {
                each.expr().forEach(condition -> require.add(exprs.expr(condition)));
            }
        }
        Expr condition = heads.condition();
        if (condition != null) {
            require.add(0, condition);
        }
        List<Decl.Step> steps = new ArrayList<>();
        for (StepContext each : d.step()) {
            steps.add(new Decl.Step(text(each.STRING()), stmts.block(each.block()), at.span(each)));
        }
        List<Stmt> onFail =
                d.onFail() == null ? List.of() : stmts.block(d.onFail().block());
        return new Decl.Sequence(
                text(d.STRING()),
                heads.triggers,
                require,
                heads.mode,
                heads.outage,
                heads.priority,
                steps,
                onFail,
                span);
    }

    private Decl.Control control(ControlDeclContext d, Span span) {
        Name priority = null;
        Expr hold = null;
        Decl.ControlFail fail = null;
        List<Decl.ControlBranch> branches = new ArrayList<>();
        for (ControlPartContext part : d.controlPart()) {
            if (part instanceof ControlClassContext p) {
                twice(priority, "class", part);
                priority = at.name(p.word());
            } else if (part instanceof ControlHoldContext p) {
                twice(hold, "hold", part);
                hold = exprs.additive(p.additive());
            } else if (part instanceof ControlFailContext p) {
                twice(fail, "fail", part);
                Expr when = p.expr() == null ? null : exprs.expr(p.expr());
                fail = new Decl.ControlFail(exprs.additive(p.additive()), when, at.span(part));
            } else if (part instanceof ControlBranchContext p) {
                Expr value = exprs.additive(p.additive());
                branches.add(new Decl.ControlBranch(value, exprs.expr(p.expr()), at.span(part)));
            }
        }
        return new Decl.Control(exprs.ref(d.ref()), priority, branches, hold, fail, span);
    }

    private void twice(@Nullable Object earlier, String what, ParserRuleContext where) {
        if (earlier != null) {
            findings.add(Code.E001, at.span(where), "'" + what + "' is given twice", "keep one");
        }
    }

    private Decl.Keep keep(KeepDeclContext d, Span span) {
        List<Assignment> keep = assignments(d.assignment());
        List<Assignment> otherwise = List.of();
        KeepElseContext last = d.keepElse();
        if (last != null && last.additive() != null) {
            Expr value = exprs.additive(last.additive());
            otherwise = List.of(new Assignment(keep.get(0).target(), value, at.span(last)));
            if (keep.size() > 1) {
                findings.add(
                        Code.E001,
                        at.span(last),
                        "one value for " + keep.size() + " points",
                        "write otherwise P = value");
            }
        } else if (last != null) {
            otherwise = assignments(last.assignment());
        }
        Name priority = d.word() == null ? null : at.name(d.word());
        return new Decl.Keep(exprs.expr(d.expr()), priority, keep, otherwise, span);
    }

    private List<Assignment> assignments(List<AssignmentContext> contexts) {
        List<Assignment> all = new ArrayList<>();
        for (AssignmentContext each : contexts) {
            all.add(new Assignment(exprs.ref(each.ref()), exprs.expr(each.expr()), at.span(each)));
        }
        return all;
    }

    private Decl.Link link(LinkDeclContext d, Span span) {
        List<Name> copy = new ArrayList<>();
        Decl.@Nullable RunAt runAt = null;
        for (LinkPartContext part : d.linkPart()) {
            if (part instanceof LinkCopyContext c) {
                c.word().forEach(word -> copy.add(at.name(word)));
            } else if (part instanceof LinkRunContext r) {
                twice(runAt, "run", part);
                runAt = r.ELSE() != null
                        ? Decl.RunAt.DEVICE_ELSE_GATEWAY
                        : r.DEVICE() == null ? Decl.RunAt.GATEWAY : Decl.RunAt.DEVICE;
            }
        }
        if (runAt == null) {
            runAt = Decl.RunAt.DEVICE_ELSE_GATEWAY;
        }
        return new Decl.Link(exprs.ref(d.ref(0)), exprs.ref(d.ref(1)), copy, runAt, span);
    }

    private Decl.Group group(GroupDeclContext d, Span span) {
        Name name = exprs.path(d.PATH(0));
        if (d.EVERY() == null) {
            List<Ref> members = new ArrayList<>();
            d.ref().forEach(each -> members.add(exprs.ref(each)));
            return new Decl.Group(name, members, null, span);
        }
        Name area = null;
        Name tag = null;
        for (int i = 1; i < d.getChildCount(); i++) {
            String before = d.getChild(i - 1).getText();
            if (before.equals("in")) {
                area = named(d.getChild(i));
            } else if (before.equals("tagged")) {
                tag = named(d.getChild(i));
            }
        }
        return new Decl.Group(name, List.of(), new Decl.Selector(at.name(d.word(0)), area, tag, span), span);
    }

    private Name named(ParseTree tree) {
        if (tree instanceof TerminalNode leaf) {
            return leaf.getSymbol().getType() == RulesLexer.STRING ? text(leaf) : exprs.path(leaf);
        }
        return at.name((ParserRuleContext) tree);
    }

    private Decl.Measure measure(MeasureContext c) {
        Span span = at.span(c);
        if (c instanceof MeasureTimeContext m) {
            return new Decl.TimeWhile(exprs.expr(m.expr()), span);
        } else if (c instanceof MeasureIntegralContext m) {
            return new Decl.Integrates(exprs.additive(m.additive()), at.name(m.unit()), span);
        }
        return new Decl.Counts(edges.edge(((MeasureCountContext) c).edge()), span);
    }

    private Decl.Reset reset(ResetAtContext c) {
        if (c.edge() != null) {
            return new Decl.Reset(null, null, edges.edge(c.edge()), at.span(c));
        }
        Expr clock = c.additive() == null ? null : exprs.additive(c.additive());
        String word = c.word().getText();
        List<String> known = new ArrayList<>();
        for (Decl.Period period : Decl.Period.values()) {
            known.add(period.name().toLowerCase(Locale.ROOT));
            if (period.name().toLowerCase(Locale.ROOT).equals(word)) {
                return new Decl.Reset(period, clock, null, at.span(c));
            }
        }
        String help = Suggestions.didYouMean(word, known);
        findings.add(
                Code.E104,
                at.span(c.word()),
                "unknown period '" + word + "'",
                help.isEmpty() ? "known are " + String.join(", ", known) : help);
        return new Decl.Reset(null, clock, null, at.span(c));
    }

    private Decl.Upload upload(UploadDeclContext d, Span span) {
        List<Ref> points = new ArrayList<>();
        d.ref().forEach(each -> points.add(exprs.ref(each)));
        boolean changed = false;
        Expr by = null;
        Expr every = null;
        Expr buffer = null;
        boolean inOrder = false;
        for (UploadPartContext part : d.uploadPart()) {
            if (part instanceof UploadBufferContext p) {
                twice(buffer, "buffer", part);
                buffer = exprs.additive(p.additive());
                inOrder = p.ORDER() != null;
            } else if (part instanceof UploadTriggerContext p) {
                for (UploadWhenContext when : p.uploadWhen()) {
                    Expr value = when.additive() == null ? null : exprs.additive(when.additive());
                    twice(
                            when.CHANGED() == null ? every : changed ? when : null,
                            when.getStart().getText(),
                            when);
                    changed |= when.CHANGED() != null;
                    by = when.CHANGED() == null ? by : value;
                    every = when.EVERY() == null ? every : value;
                }
            }
        }
        return new Decl.Upload(points, exprs.path(d.PATH()), changed, by, every, buffer, inOrder, span);
    }

    private Name text(TerminalNode string) {
        Expr.TextLit text = exprs.string(string.getSymbol());
        if (!text.isPlain()) {
            findings.add(Code.E008, text.span(), "a name has no '{'", "take it out, or write '\\{'");
        }
        return new Name(text.plain(), text.span());
    }

    /** Collects the lines between the name and {@code do}. */
    private static final class Heads {
        private final Positions at;
        private final ExprTree exprs;
        private final EdgeTree edges;
        private final Findings findings;
        private final List<Edge> triggers = new ArrayList<>();
        private final List<Expr> conditions = new ArrayList<>();
        private Decl.@Nullable Mode mode;
        private Decl.@Nullable Outage outage;
        private @Nullable Name priority;

        Heads(Positions at, ExprTree exprs, EdgeTree edges, Findings findings) {
            this.at = at;
            this.exprs = exprs;
            this.edges = edges;
            this.findings = findings;
        }

        void add(HeadContext c) {
            if (c instanceof HeadWhenContext h) {
                triggers.add(edges.edge(h.edge()));
            } else if (c instanceof HeadIfContext h) {
                conditions.add(exprs.expr(h.expr()));
            } else if (c instanceof HeadModeContext h) {
                twice(mode, "mode", c);
                mode = mode(h);
            } else if (c instanceof HeadOutageContext h) {
                twice(outage, "after outage", c);
                outage = h.RESUME() != null
                        ? Decl.Outage.RESUME
                        : h.FIRE() != null ? Decl.Outage.FIRE : Decl.Outage.SKIP;
            } else if (c instanceof HeadClassContext h) {
                twice(priority, "class", c);
                priority = at.name(h.word());
            }
        }

        private Decl.Mode mode(HeadModeContext h) {
            Decl.ModeKind kind = Decl.ModeKind.valueOf(h.getChild(1).getText().toUpperCase(Locale.ROOT));
            if (h.NUMBER() == null) {
                return new Decl.Mode(kind, 1, at.span(h));
            }
            Span span = at.span(h.NUMBER());
            double limit = exprs.number(h.NUMBER().getText(), span);
            if (limit < 1 || limit > 1000 || limit != Math.rint(limit)) {
                findings.add(Code.E007, span, "a whole number from 1 to 1000 is needed here");
                limit = 1;
            }
            return new Decl.Mode(kind, (int) limit, at.span(h));
        }

        @Nullable
        Expr condition() {
            if (conditions.isEmpty()) {
                return null;
            }
            return conditions.size() == 1
                    ? conditions.get(0)
                    : new Expr.And(conditions, conditions.get(0).span());
        }

        private void twice(@Nullable Object earlier, String what, ParserRuleContext where) {
            if (earlier != null) {
                findings.add(Code.E001, at.span(where), "'" + what + "' is given twice", "keep one");
            }
        }
    }
}
