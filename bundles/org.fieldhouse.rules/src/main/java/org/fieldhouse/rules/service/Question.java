package org.fieldhouse.rules.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.engine.Wording;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.program.Trigger;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/**
 * Why one declaration did, or did not do, something at one time: its triggers and conditions, as they are written now, with the values
 * that they had then, and for each condition that failed how those values came about.
 */
final class Question {

    private final Past past;
    private final Compiled running;
    private final CheckedDecl declared;
    private final Decl decl;
    private final long micros;
    private final Calendar.Place place;
    private final History history;
    private final String text;
    private final Lowering lowering;

    /** How a point came to be what it was. */
    interface History {
        Optional<Explanation> before(PointId point, long micros) throws StoreException;
    }

    /** A condition and what it is there for. */
    private record Part(String label, Expr condition) {}

    Question(Past past, Compiled running, CheckedDecl declared, long micros, Calendar.Place place, History history) {
        this.past = past;
        this.running = running;
        this.declared = declared;
        this.decl = declared.decl();
        this.micros = micros;
        this.place = place;
        this.history = history;
        this.text = running.files().stream()
                .filter(file -> file.path().equals(declared.file()))
                .map(file -> file.text())
                .findFirst()
                .orElse("");
        this.lowering = new Lowering(running.checked());
    }

    static boolean canAnswer(Decl decl) {
        return decl instanceof Decl.Rule
                || decl instanceof Decl.Sequence
                || decl instanceof Decl.Control
                || decl instanceof Decl.Keep
                || decl instanceof Decl.Alarm;
    }

    /** Whether its conditions decide all the time, and not only when a trigger comes. */
    static boolean isLevel(Decl decl) {
        return decl instanceof Decl.Control || decl instanceof Decl.Keep;
    }

    private static Explanation leaf(String text) {
        return new Explanation(text, List.of());
    }

    Explanation answer() throws StoreException {
        lowering.enter("question");
        List<Part> parts = parts();
        List<Lowering.Looked> conditions = looked(parts);
        List<Edge> edges = edges();
        List<List<Trigger>> triggers = new ArrayList<>();
        for (Edge edge : edges) {
            triggers.add(lowering.triggers(List.of(edge)));
        }
        Engine engine = past.engineAt(micros, lowering.program(), place);
        Wording words = new Wording(running.model());
        List<Explanation> reasons = new ArrayList<>();
        for (int i = 0; i < triggers.size(); i++) {
            reasons.add(trigger(engine, words, edges.get(i), triggers.get(i)));
        }
        boolean holds = true;
        for (int i = 0; i < parts.size(); i++) {
            int truth = engine.look(conditions.get(i).condition(), micros);
            holds &= truth == Truth.TRUE;
            reasons.add(condition(engine, words, parts.get(i), conditions.get(i), truth));
        }
        return new Explanation(headline(engine, holds, since()), reasons);
    }

    /**
     * Its conditions in that line, or all of them if none is there.
     *
     * @param end the first event that does not count any more
     */
    List<Explanation> conditions(int line, long end) throws StoreException {
        lowering.enter("question");
        List<Part> there = parts().stream()
                .filter(part -> part.condition().span().line() == line)
                .toList();
        List<Part> parts = there.isEmpty() ? parts() : there;
        List<Lowering.Looked> conditions = looked(parts);
        Engine engine = past.engineAt(micros, end, lowering.program(), place);
        Wording words = new Wording(running.model());
        List<Explanation> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            int truth = engine.look(conditions.get(i).condition(), micros);
            all.add(condition(engine, words, parts.get(i), conditions.get(i), truth));
        }
        return all;
    }

    private List<Lowering.Looked> looked(List<Part> parts) {
        return parts.stream().map(part -> lowering.condition(part.condition())).toList();
    }

    private List<Edge> edges() {
        if (decl instanceof Decl.Rule rule) {
            return rule.triggers();
        }
        return decl instanceof Decl.Sequence sequence ? sequence.triggers() : List.of();
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        if (decl instanceof Decl.Rule rule) {
            add(parts, "condition", rule.condition());
        } else if (decl instanceof Decl.Sequence sequence) {
            sequence.require().forEach(each -> add(parts, "permissive", each));
        } else if (decl instanceof Decl.Control control) {
            for (Decl.ControlBranch each : control.branches()) {
                parts.add(new Part(source(each.value().span()) + " when", each.condition()));
            }
            Decl.ControlFail fail = control.fail();
            if (fail != null && fail.condition() != null) {
                parts.add(new Part("fail " + source(fail.value().span()) + " when", fail.condition()));
            }
        } else if (decl instanceof Decl.Keep keep) {
            add(parts, "while", keep.condition());
        } else if (decl instanceof Decl.Alarm alarm) {
            add(parts, "when", alarm.when());
            add(parts, "clear when", alarm.clear());
            add(parts, "suppress when", alarm.suppress());
        }
        return parts;
    }

    /** Each of several conditions that must hold together is a part of its own. */
    private static void add(List<Part> parts, String label, @Nullable Expr condition) {
        if (condition instanceof Expr.And and) {
            and.operands().forEach(each -> parts.add(new Part(label, each)));
        } else if (condition != null) {
            parts.add(new Part(label, condition));
        }
    }

    /** When its file became what it is now, if that was after the time that is asked about. */
    private Optional<Event> since() throws StoreException {
        return past.lastFrom(
                past.upTo(micros) + 1,
                event -> event.fact() instanceof Fact.ConfigurationActivated now
                        && now.changed().contains(declared.file()));
    }

    private String headline(Engine engine, boolean holds, Optional<Event> since) throws StoreException {
        Standing standing = engine.standings().stream()
                .filter(each -> each.head().id().equals(declared.id()))
                .findFirst()
                .orElse(null);
        String supposed = since.map(event -> ", had its file been as it is since " + time(event.timeMicros()))
                .orElse("");
        String name = decl.kind() + " \"" + decl.key() + "\" (" + declared.file() + ":"
                + decl.span().line() + ") at " + time(micros) + supposed + ": ";
        boolean body = decl instanceof Decl.Rule || decl instanceof Decl.Sequence;
        if (!body) {
            return name + (standing == null || standing.detail().isEmpty() ? "as follows" : standing.detail());
        }
        if (standing != null && standing.lastSequence() > 0) {
            String ran = past.event(standing.lastSequence())
                    .map(event -> time(event.timeMicros()))
                    .orElse("event " + standing.lastSequence());
            String waits = standing.waiting() > 0 ? "; it waits: " + standing.detail() : "";
            return standing.ignored()
                    ? name + "it was last triggered at " + ran + ", which was ignored: it had not ended yet (mode "
                            + mode() + ")" + waits
                    : name + "it last ran at " + ran + waits;
        }
        return name + (holds ? "it was not triggered in the day before" : "it did not run: a condition does not hold");
    }

    /** As it is written; a rule that does not wait and says none is in the way of nobody. */
    private String mode() {
        Decl.Mode mode = decl instanceof Decl.Rule rule
                ? rule.mode()
                : decl instanceof Decl.Sequence sequence ? sequence.mode() : null;
        if (mode == null) {
            return "single";
        }
        String kind = mode.kind().name().toLowerCase(Locale.ROOT);
        return mode.kind() == Decl.ModeKind.QUEUE || mode.kind() == Decl.ModeKind.PARALLEL
                ? kind + " " + mode.limit()
                : kind;
    }

    private Explanation condition(Engine engine, Wording words, Part part, Lowering.Looked looked, int truth)
            throws StoreException {
        String verdict = truth == Truth.TRUE ? "holds" : truth == Truth.FALSE ? "does not hold" : "is unknown";
        Span span = part.condition().span();
        List<Explanation> values = new ArrayList<>();
        String all = words.values(engine, looked.cells());
        if (!all.isEmpty()) {
            values.add(new Explanation(all, truth == Truth.TRUE ? List.of() : history(engine, looked.cells())));
        }
        return new Explanation(
                part.label() + ": " + source(span) + " — " + verdict + " (" + declared.file() + ":" + span.line() + ")",
                values);
    }

    private List<Explanation> history(Engine engine, int[] cells) throws StoreException {
        List<Explanation> all = new ArrayList<>();
        for (int cell : cells) {
            if (engine.program().sources().get(cell) instanceof Source.OfPoint point) {
                history.before(point.id(), micros).ifPresent(all::add);
            }
        }
        return all;
    }

    private Explanation trigger(Engine engine, Wording words, Edge edge, List<Trigger> all) {
        List<Explanation> values = new ArrayList<>();
        for (Trigger each : all) {
            int[] cells = each instanceof Trigger.Becomes becomes
                    ? becomes.deps().cells()
                    : each instanceof Trigger.Changes changes
                            ? new int[] {changes.cell()}
                            : each instanceof Trigger.Reaches reaches ? new int[] {reaches.cell()} : new int[0];
            if (cells.length > 0) {
                values.add(leaf(words.values(engine, cells)));
            }
        }
        return new Explanation(
                "trigger: " + source(edge.span()) + " (" + declared.file() + ":"
                        + edge.span().line() + ")",
                values);
    }

    private String time(long at) {
        return place.moment(at);
    }

    private String source(Span span) {
        boolean inside = span.start() >= 0 && span.end() <= text.length() && span.start() < span.end();
        return inside
                ? text.substring(span.start(), span.end()).strip().replaceAll("\\s+", " ")
                : "(line " + span.line() + ")";
    }
}
