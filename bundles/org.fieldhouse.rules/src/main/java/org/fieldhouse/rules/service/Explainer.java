package org.fieldhouse.rules.service;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.engine.Wording;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Trigger;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Span;

/** Answers why something is, and why a rule did not run, from the journal. Any thread; takes as long as the journal is long. */
final class Explainer {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final int DEPTH = 30;
    /** A command explains a change that follows within this time. */
    private static final long FOLLOWS = 60_000_000L;
    /** Events after a command among which its end is looked for. */
    private static final long NEARBY = 20_000;

    private final Driver driver;
    private final Past past;
    private final House house;
    private final Calendar.Place place;

    Explainer(Driver driver, Journal journal, House house, Calendar.Place place) {
        this.driver = driver;
        this.past = new Past(journal, house);
        this.house = house;
        this.place = place;
    }

    private Wording wording() {
        return new Wording(house.model());
    }

    private String time(long micros) {
        return ZonedDateTime.ofInstant(Instant.ofEpochMilli(Math.floorDiv(micros, 1000)), place.zone())
                .format(TIME);
    }

    private static Explanation leaf(String text) {
        return new Explanation(text, List.of());
    }

    // ---- why
    // -----------------------------------------------------------------------------------------------------------

    Explanation why(PointId point) {
        State state = house.state(point);
        String is = wording().name(point) + " is "
                + (state.quality().isGood()
                        ? wording().value(point, state.value())
                        : state.quality().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        try {
            Optional<Event> change = past.last(
                    driver.handled(),
                    event -> event.fact() instanceof Fact.StateChanged changed
                            && changed.point().equals(point));
            return new Explanation(
                    is,
                    List.of(
                            change.isPresent()
                                    ? event(change.get(), DEPTH)
                                    : leaf("it has not changed since the journal begins")));
        } catch (StoreException e) {
            return new Explanation(is, List.of(leaf("the journal cannot be read: " + e.getMessage())));
        }
    }

    Explanation why(long command) {
        try {
            Optional<Event> accepted = past.last(
                    driver.handled(),
                    event -> event.fact() instanceof Fact.CommandAccepted fact
                            && fact.command().id() == command);
            return accepted.isPresent()
                    ? event(accepted.get(), DEPTH)
                    : leaf("there is no command " + command + " in the journal");
        } catch (StoreException e) {
            return leaf("the journal cannot be read: " + e.getMessage());
        }
    }

    private Explanation event(Event event, int depth) throws StoreException {
        Fact fact = event.fact();
        String at = " at " + time(event.timeMicros());
        if (fact instanceof Fact.StateChanged changed) {
            return changed(event, changed, depth);
        } else if (fact instanceof Fact.CommandAccepted accepted) {
            return new Explanation(
                    command(accepted.command()) + at + end(event, accepted.command()), cause(event.cause(), depth));
        } else if (fact instanceof Fact.DeviceSignalled signal) {
            String arguments = signal.arguments().isEmpty() ? "" : " with " + signal.arguments();
            return leaf(device(signal) + " said " + signal.event() + arguments + at);
        } else if (fact instanceof Fact.VariableChanged variable) {
            return new Explanation(
                    variable.name() + " was set to " + variable.after() + at, cause(event.cause(), depth));
        } else if (fact instanceof Fact.TimerElapsed timer) {
            return leaf("the time came: " + time(timer.dueMicros()));
        } else if (fact instanceof Fact.RuntimeStarted) {
            return leaf("the runtime started" + at);
        } else if (fact instanceof Fact.ExternalFact external && external.type().equals(Driver.ACTIVATED)) {
            return leaf("the rules were loaded" + at);
        } else if (fact instanceof Fact.StatusChanged status) {
            String name = house.model()
                    .device(status.device())
                    .map(DeviceInfo::name)
                    .orElse(status.device().value());
            return leaf(name + " went " + status.after() + at);
        }
        return new Explanation(fact.getClass().getSimpleName() + at, cause(event.cause(), depth));
    }

    private String device(Fact.DeviceSignalled signal) {
        return house.model()
                .device(signal.device())
                .map(DeviceInfo::name)
                .orElse(signal.device().value());
    }

    private Explanation changed(Event event, Fact.StateChanged changed, int depth) throws StoreException {
        PointId point = changed.point();
        String what = changed.after().quality().isGood()
                ? wording().value(point, changed.after().value())
                : changed.after().quality().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String text = wording().name(point) + " became " + what + " at " + time(event.timeMicros());
        Optional<Event> command = !changed.after().quality().isGood() || depth == 0
                ? Optional.empty()
                : past.last(
                        event.sequence(),
                        each -> each.timeMicros() >= event.timeMicros() - FOLLOWS && asks(each.fact(), changed));
        if (command.isPresent()) {
            return new Explanation(text, List.of(event(command.get(), depth - 1)));
        }
        return new Explanation(text, cause(event.cause(), depth));
    }

    /** Whether a fact is a command for what then came. */
    private static boolean asks(Fact fact, Fact.StateChanged changed) {
        return fact instanceof Fact.CommandAccepted accepted
                && accepted.command().request() instanceof Request.SetPoint set
                && set.device().equals(changed.point().device())
                && (set.point().equals(changed.point())
                        ? set.value().equals(changed.after().value())
                        : set.parameters().containsKey(changed.point().point()));
    }

    private String command(Command command) {
        String prefix = "command " + command.id() + ": ";
        Request request = command.request();
        if (request instanceof Request.SetPoint set) {
            String with = set.parameters().isEmpty() ? "" : " with " + set.parameters();
            return prefix + wording().name(set.point()) + " = " + wording().value(set.point(), set.value()) + with;
        } else if (request instanceof Request.Relinquish free) {
            return prefix + wording().name(free.point()) + " released";
        } else if (request instanceof Request.CallAction call) {
            String name = house.model()
                    .device(call.device())
                    .map(DeviceInfo::name)
                    .orElse(call.device().value());
            return prefix + name + "." + call.action() + call.arguments();
        }
        return prefix + request;
    }

    private String end(Event accepted, Command command) throws StoreException {
        return past.next(
                        accepted.sequence() + 1,
                        NEARBY,
                        each -> each.fact() instanceof Fact.CommandEnded ended && ended.command() == command.id())
                .map(each -> ((Fact.CommandEnded) each.fact()).result())
                .map(result ->
                        ", " + result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                                + (result.reason().isEmpty() ? "" : ": " + result.reason()))
                .orElse("");
    }

    private List<Explanation> cause(Cause cause, int depth) throws StoreException {
        List<Explanation> parent = new ArrayList<>();
        if (depth > 0) {
            Optional<Event> event = past.event(cause.parent());
            if (event.isPresent()) {
                parent.add(event(event.get(), depth - 1));
            }
        }
        return switch (cause.origin()) {
            case RULE ->
                List.of(new Explanation(
                        cause.rule() == null ? "a rule decided it" : "rule " + cause.rule() + " decided it", parent));
            case USER -> List.of(new Explanation(cause.actor() + " asked for it", parent));
            case DEVICE -> parent.isEmpty() ? List.of(leaf("the device reported it")) : parent;
            case CONFIGURATION -> List.of(new Explanation("the configuration was changed by " + cause.actor(), parent));
            case CLOCK -> List.of(new Explanation("the clock", parent));
            case RUNTIME -> List.of(new Explanation("the runtime found out", parent));
            case EXTERNAL -> List.of(new Explanation(cause.actor() + " said so", parent));
        };
    }

    // ---- why not
    // -------------------------------------------------------------------------------------------------------

    Explanation whyNot(String rule, Instant when) {
        long micros = Math.addExact(Math.multiplyExact(when.getEpochSecond(), 1_000_000L), when.getNano() / 1000);
        Compiled running = driver.running();
        for (CheckedDecl each : running.checked().declarations()) {
            if (each.decl() instanceof Decl.Rule decl && decl.key().equals(rule)) {
                try {
                    return new Question(running, each, decl, micros).answer();
                } catch (StoreException | RuntimeException e) {
                    return leaf("the past cannot be worked out: " + e.getMessage());
                }
            }
        }
        return leaf("there is no rule \"" + rule + "\"");
    }

    /** One question for one rule at one time. */
    private final class Question {
        private final Compiled running;
        private final CheckedDecl declared;
        private final Decl.Rule rule;
        private final long micros;
        private final String text;
        private final Lowering lowering;

        Question(Compiled running, CheckedDecl declared, Decl.Rule rule, long micros) {
            this.running = running;
            this.declared = declared;
            this.rule = rule;
            this.micros = micros;
            this.text = running.files().stream()
                    .filter(file -> file.path().equals(declared.file()))
                    .map(file -> file.text())
                    .findFirst()
                    .orElse("");
            this.lowering = new Lowering(running.checked());
        }

        Explanation answer() throws StoreException {
            lowering.enter("question");
            List<Lowering.Looked> conditions = new ArrayList<>();
            List<Expr> parts = parts();
            parts.forEach(part -> conditions.add(lowering.condition(part)));
            List<List<Trigger>> triggers = new ArrayList<>();
            for (Edge edge : rule.triggers()) {
                triggers.add(lowering.triggers(List.of(edge)));
            }
            Engine engine = past.engineAt(micros, lowering.program(), place);
            Wording words = new Wording(running.model());
            List<Explanation> reasons = new ArrayList<>();
            for (int i = 0; i < triggers.size(); i++) {
                reasons.add(trigger(engine, words, rule.triggers().get(i), triggers.get(i)));
            }
            boolean holds = true;
            for (int i = 0; i < parts.size(); i++) {
                int truth = engine.look(conditions.get(i).condition(), micros);
                holds &= truth == Truth.TRUE;
                String verdict = truth == Truth.TRUE ? "holds" : truth == Truth.FALSE ? "does not hold" : "is unknown";
                String values = words.values(engine, conditions.get(i).cells());
                reasons.add(new Explanation(
                        "condition: " + source(parts.get(i).span()) + " — " + verdict,
                        values.isEmpty() ? List.of() : List.of(leaf(values))));
            }
            return new Explanation(headline(engine, holds), reasons);
        }

        private List<Expr> parts() {
            Expr condition = rule.condition();
            return condition == null
                    ? List.of()
                    : condition instanceof Expr.And and ? and.operands() : List.of(condition);
        }

        private String headline(Engine engine, boolean holds) throws StoreException {
            Standing standing = engine.standings().stream()
                    .filter(each -> each.head().id().equals(declared.id()))
                    .findFirst()
                    .orElse(null);
            String name = "rule \"" + rule.key() + "\" at " + time(micros) + ": ";
            if (standing != null && standing.lastSequence() > 0) {
                String ran = past.event(standing.lastSequence())
                        .map(event -> time(event.timeMicros()))
                        .orElse("event " + standing.lastSequence());
                String waits = standing.waiting() > 0 ? "; it waits: " + standing.detail() : "";
                return name + "it last ran at " + ran + waits;
            }
            return name
                    + (holds ? "it was not triggered in the day before" : "it did not run: a condition does not hold");
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
            return new Explanation("trigger: " + source(edge.span()), values);
        }

        private String source(Span span) {
            boolean inside = span.start() >= 0 && span.end() <= text.length() && span.start() < span.end();
            return inside
                    ? text.substring(span.start(), span.end()).strip().replaceAll("\\s+", " ")
                    : "(line " + span.line() + ")";
        }
    }
}
