package org.fieldhouse.rules.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.engine.AlarmFacts;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.fieldhouse.rules.engine.Wording;
import org.fieldhouse.rules.program.Calendar;

/** Answers why something is, and why a rule did not run, from the journal. Any thread; takes as long as the journal is long. */
final class Explainer {
    private static final int DEPTH = 30;
    /** A command explains a change that follows within this time. */
    private static final long FOLLOWS = 60_000_000L;
    /** Events after a command among which its end is looked for. */
    private static final long NEARBY = 20_000;

    private final Driver driver;
    private final Past past;
    private final House house;
    private final Calendar.Place place;

    Explainer(Driver driver, Journal journal, House house, Calendar.Place place, FunctionRegistry functions) {
        this.driver = driver;
        this.past = new Past(journal, house, functions);
        this.house = house;
        this.place = place;
    }

    private Wording wording() {
        return new Wording(house.model());
    }

    private String time(long micros) {
        return place.moment(micros);
    }

    private static Explanation leaf(String text) {
        return new Explanation(text, List.of());
    }

    // ---- why
    // -----------------------------------------------------------------------------------------------------------

    Explanation why(PointId point) {
        State state = house.state(point);
        String is = wording().name(point)
                + switch (state.quality()) {
                    case NEVER_REPORTED -> " was never reported";
                    case GOOD -> " is " + wording().value(point, state.value());
                    default -> " is " + state.quality().name().toLowerCase(Locale.ROOT);
                };
        try {
            Optional<Event> change = past.last(
                    driver.handled(),
                    event -> event.fact() instanceof Fact.StateChanged changed
                            && changed.point().equals(point));
            List<Explanation> reasons = new ArrayList<>();
            reasons.add(
                    change.isPresent()
                            ? event(change.get(), DEPTH)
                            : leaf("it has not changed since the journal begins"));
            Optional<Event> open =
                    unanswered(point, state, change.map(Event::sequence).orElse(0L));
            if (open.isPresent()) {
                reasons.add(event(open.get(), DEPTH));
            }
            List<Explanation> asked = house.priorities(point).entries().stream()
                    .map(entry -> leaf(asked(point, entry)))
                    .toList();
            if (!asked.isEmpty()) {
                reasons.add(new Explanation("asked of it, strongest first", asked));
            }
            return new Explanation(is, reasons);
        } catch (StoreException e) {
            return new Explanation(is, List.of(leaf("the journal cannot be read: " + e.getMessage())));
        }
    }

    /** The last command after a change that asks for something else than there is: it is on its way, or the device did not follow. */
    private Optional<Event> unanswered(PointId point, State state, long change) throws StoreException {
        return past.last(driver.handled(), event -> event.sequence() <= change || isFor(event, point))
                .filter(event -> event.sequence() > change
                        && event.fact() instanceof Fact.CommandAccepted accepted
                        && accepted.command().request() instanceof Request.SetPoint set
                        && !set.value().equals(state.good()));
    }

    private static boolean isFor(Event event, PointId point) {
        return event.fact() instanceof Fact.CommandAccepted accepted
                && accepted.command().request() instanceof Request.SetPoint set
                && set.point().equals(point);
    }

    private String asked(PointId point, PriorityArray.Entry entry) {
        String slot = Arrays.stream(PriorityClass.values())
                .filter(each -> each.slot() == entry.slot())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("slot " + entry.slot());
        String until = entry.untilMicros() == 0 ? "" : " until " + time(entry.untilMicros());
        return wording().value(point, entry.value()) + " by " + entry.holder() + ", " + slot + until;
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
                    command(accepted.command()) + at + end(event, accepted.command()),
                    cause(event.cause(), depth, conditions(event)));
        } else if (fact instanceof Fact.DeviceSignalled signal) {
            String arguments = signal.arguments().isEmpty() ? "" : " with " + signal.arguments();
            return leaf(device(signal) + " said " + signal.event() + arguments + at);
        } else if (fact instanceof Fact.VariableChanged variable) {
            return new Explanation(
                    variable.name() + " was set to " + variable.after() + at, cause(event.cause(), depth));
        } else if (fact instanceof Fact.TimerElapsed timer) {
            return leaf("the time came: " + time(timer.dueMicros()));
        } else if (fact instanceof Fact.ClockStepped step) {
            return leaf("the clock was set from " + time(step.beforeMicros()) + " to " + time(step.afterMicros()));
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
        String what = fact instanceof Fact.ExternalFact external
                ? external(external)
                : fact.getClass().getSimpleName();
        return new Explanation(what + at, cause(event.cause(), depth));
    }

    private static String external(Fact.ExternalFact fact) {
        return switch (fact.type()) {
            case FunctionFacts.CALLED -> "function " + FunctionFacts.function(fact) + " was called";
            case FunctionFacts.RETURNED ->
                "function " + FunctionFacts.function(fact)
                        + (FunctionFacts.reason(fact).isEmpty()
                                ? " answered"
                                        + (FunctionFacts.value(fact) == null ? "" : " " + FunctionFacts.value(fact))
                                : " failed: " + FunctionFacts.reason(fact));
            case FunctionFacts.CHANGED ->
                "function " + FunctionFacts.function(fact) + (FunctionFacts.isPresent(fact) ? " came" : " went");
            case AlarmFacts.ACT ->
                "somebody acted on alarm " + fact.values().get("alarm") + ": "
                        + fact.values().get("act");
            case Sender.ALARM ->
                "alarm " + fact.values().get("alarm") + " became "
                        + fact.values().get("state");
            default -> fact.type();
        };
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
        Optional<Event> command =
                !changed.after().quality().isGood() || depth == 0 ? Optional.empty() : commanded(event, changed);
        if (command.isPresent()) {
            return new Explanation(text, List.of(event(command.get(), depth - 1)));
        }
        return new Explanation(text, cause(event.cause(), depth));
    }

    /** The last command for what then came; one that was in no force never reached the device. */
    private Optional<Event> commanded(Event event, Fact.StateChanged changed) throws StoreException {
        long since = event.timeMicros() - FOLLOWS;
        Set<Long> overridden = new HashSet<>();
        past.last(event.sequence(), each -> {
            if (each.fact() instanceof Fact.CommandEnded ended
                    && ended.result().outcome() == CommandResult.Outcome.OVERRIDDEN) {
                overridden.add(ended.command());
            }
            return each.timeMicros() < since;
        });
        return past.last(
                event.sequence(),
                each -> each.timeMicros() >= since
                        && asks(each.fact(), changed)
                        && each.fact() instanceof Fact.CommandAccepted accepted
                        && !overridden.contains(accepted.command().id()));
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

    /** What a level went by when it sent a command; a rule is told by what triggered it. */
    private List<Explanation> conditions(Event command) throws StoreException {
        Cause.RuleRef rule = command.cause().rule();
        if (rule == null) {
            return List.of();
        }
        Compiled running = driver.running();
        // A control and a while can be known by the same name; the branch stands behind the head of its own.
        Optional<CheckedDecl> level = running.checked().declarations().stream()
                .filter(each -> each.decl().key().equals(rule.name()) && Question.isLevel(each.decl()))
                .filter(each ->
                        each.file().equals(rule.file()) && each.decl().span().line() <= rule.line())
                .max(Comparator.comparingInt(each -> each.decl().span().line()));
        if (level.isEmpty()) {
            return List.of();
        }
        long parent = command.cause().parent();
        long end = parent > 0 ? parent + 1 : command.sequence();
        // The tree goes up by what happened, and not here as well.
        Question.History none = (point, micros) -> Optional.empty();
        try {
            return new Question(past, running, level.get(), command.timeMicros(), place, none)
                    .conditions(rule.line(), end);
        } catch (RuntimeException e) {
            return List.of(leaf("what it went by cannot be worked out: " + e.getMessage()));
        }
    }

    private List<Explanation> cause(Cause cause, int depth) throws StoreException {
        return cause(cause, depth, List.of());
    }

    /** @param went what a rule went by beside what happened */
    private List<Explanation> cause(Cause cause, int depth, List<Explanation> went) throws StoreException {
        List<Explanation> parent = new ArrayList<>(went);
        if (depth > 0) {
            Optional<Event> event = past.event(cause.parent());
            if (event.isPresent()) {
                parent.add(event(event.get(), depth - 1));
            }
        }
        if (cause.parent() == 0 && cause.origin() == Cause.Origin.RULE) {
            parent.add(leaf("a time came that it had waited for"));
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

    Explanation whyNot(String name, Instant when) {
        long micros = Math.addExact(Math.multiplyExact(when.getEpochSecond(), 1_000_000L), when.getNano() / 1000);
        Compiled running = driver.running();
        List<CheckedDecl> asked = running.checked().declarations().stream()
                .filter(each -> Question.canAnswer(each.decl()))
                .filter(each -> each.decl().key().equals(name)
                        || each.decl().name().text().equals(name))
                .toList();
        if (asked.isEmpty()) {
            return leaf("there is no rule, sequence, control, while or alarm \"" + name + "\"");
        }
        List<Explanation> answers =
                asked.stream().map(each -> whyNot(running, each, micros)).toList();
        return answers.size() == 1
                ? answers.get(0)
                : new Explanation(answers.size() + " are called \"" + name + "\"", answers);
    }

    private Explanation whyNot(Compiled running, CheckedDecl asked, long micros) {
        try {
            return new Question(past, running, asked, micros, place, this::changeBefore).answer();
        } catch (StoreException | RuntimeException e) {
            return leaf("the past cannot be worked out: " + e.getMessage());
        }
    }

    /** How a point came to be what it was at that time, up to the world outside. */
    private Optional<Explanation> changeBefore(PointId point, long micros) throws StoreException {
        long upTo = past.upTo(micros);
        Optional<Event> change = past.last(
                upTo,
                event -> event.fact() instanceof Fact.StateChanged changed
                        && changed.point().equals(point));
        return change.isPresent() ? Optional.of(event(change.get(), DEPTH)) : Optional.empty();
    }
}
