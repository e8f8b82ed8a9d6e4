package org.fieldhouse.runtime.command;

import static org.fieldhouse.runtime.command.CommandTarget.Readiness.NO;
import static org.fieldhouse.runtime.command.CommandTarget.Readiness.READY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.Refresh;
import org.fieldhouse.api.command.Request.Relinquish;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PointSpec.Feedback;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.command.Slots.Wish;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of one device: the priority arrays of its points, what waits for its lane, and what waits for its answer. The
 * monitor of this object guards all of it; facts are put into the device's mailbox under it (that never waits), so their order is
 * the order of what happened. Futures are completed and devices called without it.
 *
 * <p>Beyond 400 lines because what one monitor guards stands in one file, where each access to it is seen.
 */
final class DeviceCommands {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceCommands.class);
    /** Actions and refreshes that may wait; sets are bounded by the number of points. */
    private static final int MAX_WAITING = 1_024;
    /** How long after our last command a changed report may still be its echo, a fade's last steps for instance. */
    private static final long ECHO_MICROS = 3_000_000;

    private static final CompletionStage<Void> ON_DISK = CompletableFuture.completedStage(null);

    private final CommandCentre centre;
    private final CommandTarget target;
    private final Map<String, Slots> slots = new HashMap<>();
    /** In the order they will leave. */
    private final LinkedHashSet<Pending> waiting = new LinkedHashSet<>();
    /** Handed over, and not ended. */
    private final Map<Long, Pending> handed = new HashMap<>();
    /** Last good reports of points, where a hand at the device is looked for. */
    private final Map<String, Value> reported = new HashMap<>();
    /** Points whose wish in force never reached the device. */
    private final Set<String> unfulfilled = new TreeSet<>();

    private final Runnable schedule = this::schedule;
    private final Runnable drain = this::drain;
    private boolean draining;
    private boolean removed;
    private long lastEndMicros;
    private long expiryArmed = Long.MAX_VALUE;
    /** The rule that asked last, and how people are told of it. */
    private @Nullable RuleRef lastRule;

    private String lastHolder = "";
    /** Commands that a report may confirm; read without the monitor on the path of every report. */
    private volatile int expecting;

    DeviceCommands(CommandCentre centre, CommandTarget target) {
        this.centre = centre;
        this.target = target;
    }

    // ---- requests

    /**
     * Takes a valid request in: puts it in its slot and, if it is in force, in line for the lane.
     *
     * @param recorded whether the command's record is on disk already
     * @return completes when it is
     */
    CompletionStage<Void> accept(Pending pending, boolean recorded) {
        List<Runnable> after = new ArrayList<>(2);
        CompletionStage<Void> onDisk = ON_DISK;
        synchronized (this) {
            if (!recorded) {
                onDisk = target.mailbox()
                        .publishDurably(new Fact.CommandAccepted(pending.command), pending.command.cause())
                        .thenApply(event -> null);
            }
            Request request = pending.command.request();
            if (request instanceof SetPoint set) {
                if (occupy(set, pending.command)) {
                    enqueue(pending, after);
                } else {
                    end(pending, overridden(set), after);
                }
            } else if (request instanceof Relinquish relinquish) {
                release(relinquish, pending.command.cause(), after);
                end(pending, CommandResult.CONFIRMED, after);
            } else {
                enqueue(pending, after);
            }
        }
        run(after);
        return onDisk;
    }

    /** Puts a set's values in their slots; whether its own point's is in force. */
    private boolean occupy(SetPoint set, Command command) {
        long hold = set.hold() == null ? 0 : set.hold().toNanos() / 1000;
        long until = hold == 0 ? 0 : command.acceptedMicros() + hold;
        long ends = centre.steadyMicros() + hold;
        String holder = holder(command.cause());
        boolean wins =
                put(set.point(), set.slot(), new Wish(set.value(), until, ends, holder, command.id()), command.cause());
        if (!set.parameters().isEmpty()) {
            set.parameters().forEach((name, value) -> {
                if (target.info().description().point(name).isPresent() && !isParameter(set, name)) {
                    Wish wish = new Wish(value, until, ends, holder, command.id());
                    put(new PointId(set.device(), name), set.slot(), wish, command.cause());
                }
            });
        }
        return wins;
    }

    private boolean isParameter(SetPoint set, String name) {
        return target.info().description().point(set.point().point()).stream()
                .flatMap(p -> p.parameters().stream())
                .anyMatch(p -> p.name().equals(name));
    }

    private boolean put(PointId point, int slot, Wish wish, Cause cause) {
        Slots array = array(point.point());
        PriorityArray before = array.array();
        array.put(slot, wish);
        changed(point, before, array, cause);
        boolean wins = array.inForce() == slot;
        if (wins) {
            unfulfilled.add(point.point());
        }
        armExpiry(array.nextExpiry());
        return wins;
    }

    private void release(Relinquish relinquish, Cause cause, List<Runnable> after) {
        String point = relinquish.point().point();
        Slots array = slots.get(point);
        if (array == null) {
            return;
        }
        PriorityArray before = array.array();
        Wish strongest = array.strongest();
        array.release(relinquish.slot());
        changed(relinquish.point(), before, array, cause);
        fallBack(point, strongest, array, cause, after);
    }

    /** Sends what is in force now, if it is not what was in force before. */
    private void fallBack(String point, @Nullable Wish before, Slots array, Cause cause, List<Runnable> after) {
        Wish now = array.strongest();
        if (now == null) {
            unfulfilled.remove(point);
            withdraw(point, after);
        } else if (before == null || !now.value().equals(before.value()) || now.command() != before.command()) {
            sendWish(point, array.inForce(), now, cause, after);
        }
        if (array.inForce() == 0) {
            slots.remove(point);
        }
    }

    /** Nothing is asked of a point any more: what waits for the lane stays here. */
    private void withdraw(String point, List<Runnable> after) {
        for (Pending other : List.copyOf(waiting)) {
            if (point.equals(other.point())) {
                end(other, new CommandResult(Outcome.SUPERSEDED, "relinquished before it left"), after);
            }
        }
    }

    private void sendWish(String point, int slot, Wish wish, Cause cause, List<Runnable> after) {
        SetPoint set = new SetPoint(new PointId(target.info().id(), point), wish.value(), slot, null, Map.of());
        Pending pending = centre.make(set, cause, target.info());
        array(point)
                .put(
                        slot,
                        new Wish(
                                wish.value(),
                                wish.untilMicros(),
                                wish.endsMicros(),
                                wish.holder(),
                                pending.command.id()));
        unfulfilled.add(point);
        publish(new Fact.CommandAccepted(pending.command), cause);
        centre.watch(this, pending);
        enqueue(pending, after);
    }

    private Slots array(String point) {
        return slots.computeIfAbsent(point, p -> new Slots());
    }

    private void changed(PointId point, PriorityArray before, Slots array, Cause cause) {
        PriorityArray now = array.array();
        if (!now.equals(before)) {
            publish(new Fact.PrioritiesChanged(point, now), cause);
        }
    }

    private PointId id(String point) {
        return new PointId(target.info().id(), point);
    }

    private CommandResult overridden(SetPoint set) {
        Wish stronger = array(set.point().point()).strongest();
        String by = stronger == null ? "" : stronger.holder() + " asks for " + stronger.value();
        return new CommandResult(Outcome.OVERRIDDEN, by);
    }

    private String holder(Cause cause) {
        return switch (cause.origin()) {
            case RULE -> holder(cause.rule(), cause.actor());
            case USER -> "user " + cause.actor();
            default -> cause.actor();
        };
    }

    /** The same rule asks again and again. */
    private String holder(@Nullable RuleRef rule, String actor) {
        if (rule == null) {
            return "rule " + actor;
        }
        if (rule != lastRule) {
            lastRule = rule;
            lastHolder = "rule \"" + rule.name() + '"';
        }
        return lastHolder;
    }

    // ---- the way to the device

    private void enqueue(Pending pending, List<Runnable> after) {
        if (removed || target.readiness() == NO) {
            String name = Names.quoted(target.info().name());
            String what = pending.point() == null ? "" : "; it will be set when it is back";
            end(pending, CommandResult.failed(name + " is " + words(target) + what), after);
            return;
        }
        String point = pending.point();
        if (point == null && waiting.size() >= MAX_WAITING) {
            end(
                    pending,
                    CommandResult.failed(target.info().name() + " is behind by " + waiting.size() + " commands"),
                    after);
            return;
        }
        if (point != null && !waiting.isEmpty()) {
            for (Pending older : List.copyOf(waiting)) {
                if (point.equals(older.point())) {
                    end(older, superseded(pending), after);
                }
            }
        }
        waiting.add(pending);
        after.add(schedule);
    }

    private static String words(CommandTarget target) {
        String reason = target.info().status().reason();
        String condition = target.info().status().condition().name().toLowerCase(java.util.Locale.ROOT);
        return reason.isEmpty() ? condition : condition + ": " + reason;
    }

    private static CommandResult superseded(Pending by) {
        return new CommandResult(Outcome.SUPERSEDED, "by command " + by.command.id());
    }

    private void schedule() {
        synchronized (this) {
            if (draining || waiting.isEmpty() || target.readiness() != READY) {
                return;
            }
            draining = true;
        }
        target.execute(drain);
    }

    /** On the lane: hands over one command after the other. */
    private void drain() {
        List<Runnable> after = new ArrayList<>(0);
        while (true) {
            Pending next;
            synchronized (this) {
                next = waiting.isEmpty() || target.readiness() != READY
                        ? null
                        : waiting.iterator().next();
                if (next == null) {
                    draining = false;
                    return;
                }
                waiting.remove(next);
                take(next, after);
            }
            if (!after.isEmpty()) {
                run(after);
                after.clear();
            }
            handOver(next);
        }
    }

    private void take(Pending next, List<Runnable> after) {
        String point = next.point();
        if (point != null && !handed.isEmpty()) {
            for (Pending older : List.copyOf(handed.values())) {
                if (point.equals(older.point())) {
                    end(older, superseded(next), after);
                }
            }
        }
        next.handed = true;
        handed.put(next.command.id(), next);
        if (next.feedback == Feedback.REPORT) {
            expecting++;
        }
    }

    private void handOver(Pending next) {
        CommandResult result = null;
        try {
            target.handle(next.command);
            if (next.feedback == Feedback.NONE) {
                result = CommandResult.SENT;
            }
        } catch (BindingException e) {
            boolean unknown = e.isUnknown() && !CommandCentre.repeatable(next.command.request(), target.info());
            result = new CommandResult(unknown ? Outcome.UNKNOWN : Outcome.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            result = CommandResult.failed("given up: the device did not take it in time");
        } catch (RuntimeException | Error e) {
            LOG.error("{}: command {} let an exception through", target.info().id(), next.command.id(), e);
            result = CommandResult.failed("its binding failed: " + e);
        }
        if (result != null) {
            finish(next, result);
        }
    }

    // ---- the end

    void finish(Pending pending, CommandResult result) {
        List<Runnable> after = new ArrayList<>(1);
        synchronized (this) {
            end(pending, result, after);
        }
        run(after);
    }

    private void end(Pending pending, CommandResult result, List<Runnable> after) {
        if (pending.over) {
            return;
        }
        pending.over = true;
        waiting.remove(pending);
        if (handed.remove(pending.command.id()) != null && pending.feedback == Feedback.REPORT) {
            expecting--;
        }
        lastEndMicros = centre.steadyMicros();
        if (result.ok()) {
            fulfilled(pending.command);
        }
        publish(new Fact.CommandEnded(pending.command.id(), result), pending.command.cause());
        after.add(() -> pending.ended.complete(result));
    }

    private void fulfilled(Command command) {
        if (command.request() instanceof SetPoint set) {
            unfulfilled.remove(set.point().point());
            if (!set.parameters().isEmpty()) {
                unfulfilled.removeAll(set.parameters().keySet());
            }
        }
    }

    /** Called by the centre when the command's time is up. */
    void timeOut(Pending pending) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (!pending.over) {
                boolean so = pending.handed && isSo(pending.command.request());
                String reason = pending.handed ? "no confirmation" : "it could not leave in time: " + words(target);
                end(pending, so ? CommandResult.CONFIRMED : new CommandResult(Outcome.TIMED_OUT, reason), after);
            }
        }
        run(after);
    }

    /** A device need not report again what it already was. */
    private boolean isSo(Request request) {
        return request instanceof SetPoint set
                && target.info()
                        .description()
                        .point(set.point().point())
                        .map(spec -> Match.same(
                                spec.value(),
                                set.value(),
                                centre.state(set.point()).good()))
                        .orElse(false);
    }

    // ---- what the device says

    /** A good report, already in the mailbox. */
    void reported(PointSpec spec, Value value) {
        Duration hold = target.hold(spec.name());
        if (expecting == 0 && hold == null) {
            return;
        }
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            for (Pending pending : List.copyOf(handed.values())) {
                if (pending.feedback == Feedback.REPORT && confirms(pending, spec, value)) {
                    end(pending, CommandResult.CONFIRMED, after);
                }
            }
            if (hold != null) {
                byHand(spec, value, hold, after);
            }
        }
        run(after);
    }

    private static boolean confirms(Pending pending, PointSpec spec, Value value) {
        if (pending.command.request() instanceof SetPoint set) {
            return set.point().point().equals(spec.name()) && Match.same(spec.value(), set.value(), value);
        }
        return pending.command.request() instanceof Refresh refresh
                && refresh.point().point().equals(spec.name());
    }

    /** A change that none of our commands explains is a person's hand: it takes the manual slot for a while; safety takes it back. */
    private void byHand(PointSpec spec, Value value, Duration hold, List<Runnable> after) {
        boolean watched = spec.access().writable()
                && spec.feedback() == Feedback.REPORT
                && (spec.category() == Category.STATE || spec.category() == Category.SETPOINT);
        if (!watched) {
            return;
        }
        Value before = reported.put(spec.name(), value);
        boolean quiet = handed.isEmpty() && waiting.isEmpty() && centre.steadyMicros() - lastEndMicros > ECHO_MICROS;
        if (before == null || !quiet || Match.same(spec.value(), before, value)) {
            return;
        }
        long micros = hold.toNanos() / 1000;
        Wish wish =
                new Wish(value, centre.nowMicros() + micros, centre.steadyMicros() + micros, "a hand at the device", 0);
        if (put(
                id(spec.name()),
                PriorityClass.MANUAL.slot(),
                wish,
                Cause.device(target.info().id()))) {
            unfulfilled.remove(spec.name());
        } else {
            Slots array = array(spec.name());
            Wish stronger = array.strongest();
            if (stronger != null) {
                sendWish(
                        spec.name(),
                        array.inForce(),
                        stronger,
                        Cause.device(target.info().id()),
                        after);
            }
        }
    }

    /** The device says that a command arrived, or that it did not. */
    void answered(long command, CommandResult result) {
        Pending pending;
        synchronized (this) {
            pending = handed.get(command);
        }
        if (pending != null) {
            finish(pending, result);
        }
    }

    // ---- availability, time, restart

    /** The device's readiness may have changed. */
    void readinessChanged() {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            switch (target.readiness()) {
                case READY -> {
                    reassert(after);
                    after.add(schedule);
                }
                case NO -> {
                    reported.clear();
                    CommandResult failed = CommandResult.failed(target.info().name() + " is " + words(target));
                    for (Pending pending : List.copyOf(waiting)) {
                        end(pending, failed, after);
                    }
                }
                case SOON -> reported.clear();
            }
        }
        run(after);
    }

    /**
     * The device is back: it is told what it missed, and what safety or a person asks for even if it once had it (it may have
     * lost power since). What a rule asked for once, and got, is not repeated: meanwhile a person may have changed it.
     */
    private void reassert(List<Runnable> after) {
        slots.forEach((point, array) -> {
            Wish wish = array.strongest();
            int slot = array.inForce();
            boolean insist = slot != 0 && slot <= PriorityClass.MANUAL.slot();
            boolean busy = waiting.stream().anyMatch(p -> point.equals(p.point()))
                    || handed.values().stream().anyMatch(p -> point.equals(p.point()));
            PointSpec spec = target.info().description().point(point).orElse(null);
            if (wish == null || busy || spec == null || !(insist || unfulfilled.contains(point))) {
                return;
            }
            State state = centre.state(new PointId(target.info().id(), point));
            if (!Match.same(spec.value(), wish.value(), state.value())) {
                sendWish(point, slot, wish, Cause.RUNTIME, after);
            } else {
                unfulfilled.remove(point);
            }
        });
    }

    private void armExpiry(long micros) {
        if (micros < expiryArmed) {
            expiryArmed = micros;
            centre.expireAt(this, micros);
        }
    }

    /** Wishes whose hold is over fall back to the next. */
    void expire() {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            expiryArmed = Long.MAX_VALUE;
            long now = centre.steadyMicros();
            for (Map.Entry<String, Slots> entry : List.copyOf(slots.entrySet())) {
                Slots array = entry.getValue();
                PriorityArray before = array.array();
                Wish strongest = array.strongest();
                if (array.expire(now)) {
                    changed(id(entry.getKey()), before, array, Cause.CLOCK);
                    fallBack(entry.getKey(), strongest, array, Cause.CLOCK, after);
                }
                armExpiry(array.nextExpiry());
            }
        }
        run(after);
    }

    /** The wall clock was set: what people are told of ends is told anew. */
    void clockStepped() {
        synchronized (this) {
            slots.forEach((point, array) -> {
                PriorityArray before = array.array();
                array.restamp(centre::timeAt);
                changed(id(point), before, array, Cause.CLOCK);
            });
        }
        run(List.of());
    }

    synchronized PriorityArray priorities(String point) {
        Slots array = slots.get(point);
        return array == null ? PriorityArray.EMPTY : array.array();
    }

    synchronized Map<String, PriorityArray> arrays() {
        Map<String, PriorityArray> out = new HashMap<>();
        slots.forEach((point, array) -> out.put(point, array.array()));
        return out;
    }

    /** Commands that have not ended, oldest first. */
    synchronized List<Command> open() {
        List<Command> out = new ArrayList<>();
        handed.values().forEach(p -> out.add(p.command));
        waiting.forEach(p -> out.add(p.command));
        out.sort(java.util.Comparator.comparingLong(Command::id));
        return out;
    }

    /**
     * What the journal knew of a point when the house was last up, without what ended meanwhile. Before anything else happens here;
     * the caller calls {@code attend}.
     */
    synchronized void restore(String point, PriorityArray array) {
        Slots restored = Slots.of(array, centre.steadyMicros() - centre.nowMicros());
        Wish strongest = restored.strongest();
        if (restored.expire(centre.steadyMicros())) {
            changed(id(point), array, restored, Cause.CLOCK);
            Wish now = restored.strongest();
            if (now == null) {
                return;
            }
            if (strongest == null || !now.value().equals(strongest.value())) {
                unfulfilled.add(point);
            }
        }
        slots.put(point, restored);
        armExpiry(restored.nextExpiry());
    }

    /** A command that a crash cut off. It is sent again if its wish is still in force, else it ends. */
    void resume(Pending pending) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            SetPoint set = (SetPoint) pending.command.request();
            Wish wish = array(set.point().point()).strongest();
            if (wish != null && wish.value().equals(set.value())) {
                unfulfilled.add(set.point().point());
                waiting.add(pending);
                after.add(schedule);
            } else {
                end(pending, new CommandResult(Outcome.SUPERSEDED, "no longer in force after a restart"), after);
            }
        }
        run(after);
    }

    /** The device left the house. */
    void remove() {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            removed = true;
            CommandResult gone = CommandResult.failed(target.info().name() + " was removed");
            List.copyOf(waiting).forEach(p -> end(p, gone, after));
            List.copyOf(handed.values()).forEach(p -> end(p, gone, after));
            slots.clear();
        }
        run(after);
    }

    /** The rules hear of it when {@link #run} is called. */
    private void publish(Fact fact, Cause cause) {
        target.mailbox().say(fact, cause);
    }

    private void run(List<Runnable> after) {
        try {
            after.forEach(Runnable::run);
        } finally {
            target.mailbox().attend();
        }
    }
}
