package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;

/**
 * Two declarations that write one point in the same class (W501), and links whose target a rule commands (W506).
 *
 * <p>Rules act at an instant, and the last one wins; two of them conflict only when the same event can start both, or when both
 * hold a value over a wait. Controls and {@code while} hold all the time, so they conflict with whoever writes in a situation
 * in which they want something else.
 */
final class Conflicts {
    private final Facts facts;
    private final Regions regions;
    private final Map<String, List<Write>> byPoint = new LinkedHashMap<>();

    Conflicts(Facts facts, Regions regions, List<Write> writes) {
        this.facts = facts;
        this.regions = regions;
        for (Write each : writes) {
            byPoint.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each);
        }
    }

    void check() {
        for (List<Write> all : byPoint.values()) {
            Map<String, Boolean> reported = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                for (int j = i + 1; j < all.size(); j++) {
                    Write a = all.get(i);
                    Write b = all.get(j);
                    String pair = a.owner().declared().id() + "|"
                            + b.owner().declared().id();
                    if (a.decl() != b.decl() && !reported.containsKey(pair) && judge(a, b)) {
                        reported.put(pair, true);
                    }
                }
            }
        }
    }

    private boolean judge(Write a, Write b) {
        boolean same = a.value() != null && Objects.equals(a.value(), b.value());
        if (same || !a.priority().equals(b.priority()) || a.key().startsWith("‹$") && !a.isLevel() && !b.isLevel()) {
            return false; // variables have no classes: whoever sets them last is meant
        }
        Region both = a.guard().and(b.guard());
        if (a.isLevel() && b.isLevel()) {
            return !both.isEmpty() && report(a, b, levels(a, b, both));
        }
        if (a.isLevel() || b.isLevel()) {
            Write level = a.isLevel() ? a : b;
            Write edge = a.isLevel() ? b : a;
            return !both.isEmpty() && report(a, b, overruled(level, edge, both));
        }
        if (!a.afterWait() && !b.afterWait()) {
            for (Edge x : triggers(a.decl())) {
                for (Edge y : triggers(b.decl())) {
                    if (together(x, y) && !both.isEmpty()) {
                        return report(a, b, atOnce(x, a, b, both));
                    }
                }
            }
        }
        if (a.afterWait() && b.held()) {
            return report(a, b, spoilt(a, b));
        }
        return b.afterWait() && a.held() && report(a, b, spoilt(b, a));
    }

    private boolean report(Write a, Write b, List<String> story) {
        Findings at = b.owner().findings();
        String what = a.decl() instanceof Decl.Rule || a.decl() instanceof Decl.Sequence ? "set" : "held";
        at.add(
                Code.W501,
                b.span(),
                b.shown() + " is " + what + " by " + a.where() + " too, in the same class " + a.priority(),
                "let one of them decide, or give one another class",
                List.of(Diagnostic.Note.of(a.owner().findings().file(), a.span(), "the other one")),
                story);
        return true;
    }

    // ---- stories

    private String given(Region region) {
        String example = regions.example(region);
        return example.isEmpty() ? "both conditions hold" : example;
    }

    private List<String> levels(Write a, Write b, Region both) {
        return List.of(
                given(both),
                a.where() + " " + a.does(),
                b.where() + " " + b.does() + ": the one that was decided last wins");
    }

    private List<String> overruled(Write level, Write edge, Region both) {
        return List.of(
                given(both) + ", and " + level.where() + " " + level.does(),
                event(edge.decl()) + (edge.afterWait() ? ", and the wait ends" : ""),
                edge.where() + " " + edge.does(),
                "the next time its condition is decided, " + level.where() + " " + level.does() + " again");
    }

    private List<String> atOnce(Edge trigger, Write a, Write b, Region both) {
        String example = regions.example(both);
        return List.of(
                shown(trigger) + (example.isEmpty() ? "" : " (" + example + ")"),
                a.where() + " " + a.does(),
                b.where() + " " + b.does() + ": which of the two stays is chance");
    }

    private List<String> spoilt(Write late, Write held) {
        return List.of(
                event(late.decl()) + ": " + nameOf(late) + " starts and waits",
                event(held.decl()) + ": " + held.where() + " " + held.does() + ", and waits",
                "the first wait ends: " + late.where() + " " + late.does() + ", although " + nameOf(held)
                        + " still holds it");
    }

    private static String nameOf(Write write) {
        return write.decl().kind() + " \"" + write.decl().key() + "\"";
    }

    private static String event(Decl decl) {
        List<Edge> triggers = triggers(decl);
        return triggers.isEmpty() ? decl.kind() + " " + decl.key() : shown(triggers.get(0));
    }

    static String shown(Edge edge) {
        if (edge instanceof Edge.Becomes e) {
            String value = e.value() instanceof Expr.Word word ? word.text() : "its value";
            boolean plain = e.op() == Expr.CompareOp.EQ && e.value() instanceof Expr.Word;
            return subject(e.subject())
                    + (plain
                            ? " turns " + value
                            : " passes the threshold of line " + e.span().line());
        } else if (edge instanceof Edge.Changes e) {
            return subject(e.subject()) + " changes";
        } else if (edge instanceof Edge.Reaches e) {
            return subject(e.subject()) + " reaches the value of line "
                    + e.span().line();
        } else if (edge instanceof Edge.Presence e) {
            return subject(e.subject()) + (e.arrives() ? " arrives" : " leaves");
        } else if (edge instanceof Edge.DeviceEvent e) {
            return e.device() + " says " + e.event().text();
        } else if (edge instanceof Edge.Goes e) {
            return e.device() + (e.online() ? " goes online" : " goes offline");
        } else if (edge instanceof Edge.BecomesTrue e) {
            return "the condition of line " + e.span().line() + " becomes true";
        } else if (edge instanceof Edge.Started) {
            return "the house starts";
        }
        return "the time of line " + edge.span().line() + " comes";
    }

    private static String subject(Edge.Subject subject) {
        return subject instanceof Edge.One one ? one.ref().toString() : ((Edge.Of) subject).ref() + " (one of it)";
    }

    static List<Edge> triggers(Decl decl) {
        if (decl instanceof Decl.Rule rule) {
            return rule.triggers();
        }
        return decl instanceof Decl.Sequence sequence ? sequence.triggers() : List.of();
    }

    // ---- can one event start both?

    private boolean together(Edge a, Edge b) {
        if (a instanceof Edge.DeviceEvent x && b instanceof Edge.DeviceEvent y) {
            return x.event().text().equals(y.event().text())
                    && x.device().path().text().equals(y.device().path().text())
                    && agree(x.with(), y.with());
        }
        if (a instanceof Edge.Goes x && b instanceof Edge.Goes y) {
            return x.online() == y.online()
                    && (x.heldFor() == null) == (y.heldFor() == null)
                    && x.device().path().text().equals(y.device().path().text());
        }
        if (held(a) || held(b)) {
            return ContentHash.canonical(a).equals(ContentHash.canonical(b));
        }
        if (a instanceof Edge.Becomes x && b instanceof Edge.Becomes y) {
            Object one = facts.constants.get(x.value());
            Object other = facts.constants.get(y.value());
            if (x.op() == Expr.CompareOp.EQ && y.op() == x.op() && one != null && other != null && !one.equals(other)) {
                return false; // turns open, turns closed
            }
            boolean instant = x.op() == Expr.CompareOp.EQ || y.op() == Expr.CompareOp.EQ || sameThreshold(x, y);
            return instant && shared(x.subject(), y.subject());
        }
        if (a instanceof Edge.Changes x) {
            return shared(x.subject(), subjectOf(b));
        }
        if (b instanceof Edge.Changes y) {
            return shared(subjectOf(a), y.subject());
        }
        return ContentHash.canonical(a).equals(ContentHash.canonical(b));
    }

    private static boolean sameThreshold(Edge.Becomes x, Edge.Becomes y) {
        return x.op() == y.op() && ContentHash.canonical(x.value()).equals(ContentHash.canonical(y.value()));
    }

    private static boolean held(Edge e) {
        return e instanceof Edge.Becomes b && b.heldFor() != null
                || e instanceof Edge.Presence p && p.heldFor() != null;
    }

    private static Edge.Subject subjectOf(Edge e) {
        if (e instanceof Edge.Becomes b) {
            return b.subject();
        } else if (e instanceof Edge.Changes c) {
            return c.subject();
        }
        return new Edge.One(new Ref(new Name("", Span.NONE), null, Span.NONE));
    }

    private boolean shared(Edge.Subject a, Edge.Subject b) {
        if (a instanceof Edge.One x && b instanceof Edge.One y) {
            Resolution one = facts.resolution(x.ref());
            return one != null && one.equals(facts.resolution(y.ref()));
        }
        return ContentHash.canonical(a).equals(ContentHash.canonical(b));
    }

    private boolean agree(List<Arg> x, List<Arg> y) {
        for (Arg a : x) {
            for (Arg b : y) {
                boolean sameField = a.name() != null
                        && b.name() != null
                        && a.name().text().equals(b.name().text());
                if (sameField && !Objects.equals(facts.constants.get(a.value()), facts.constants.get(b.value()))) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- links

    void links(List<Write.Placed> declarations) {
        for (Write.Placed each : declarations) {
            if (each.declared().decl() instanceof Decl.Link link
                    && facts.resolution(link.to()) instanceof Resolution.OfDevice to) {
                for (Name copied : link.copy()) {
                    String key = "‹" + to.device().name() + "." + copied.text() + "›";
                    List<Write> others = byPoint.getOrDefault(key, List.of());
                    if (!others.isEmpty()) {
                        link(each, link, copied, others.get(0));
                        break;
                    }
                }
            }
        }
    }

    private void link(Write.Placed at, Decl.Link link, Name copied, Write other) {
        String where = at.findings().file().path() + ":" + link.span().line();
        at.findings()
                .add(
                        Code.W506,
                        link.to().span(),
                        link.to() + " is also commanded by " + other.where(),
                        "let the rule follow " + link.from() + " itself, or leave " + link.to() + " to the link",
                        List.of(Diagnostic.Note.of(other.owner().findings().file(), other.span(), "the command")),
                        List.of(
                                other.where() + " " + other.does(),
                                link.from() + "." + copied.text() + " changes",
                                "the link (" + where + ") copies it to " + link.to()
                                        + ", and the rule does not learn of it"));
    }
}
