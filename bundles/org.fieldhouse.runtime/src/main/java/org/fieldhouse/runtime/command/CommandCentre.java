package org.fieldhouse.runtime.command;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.Refresh;
import org.fieldhouse.api.command.Request.Relinquish;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.Origin;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PointSpec.Feedback;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.host.Scheduler;

/**
 * All commands of the house: checks a request, gives it a number, a cause and a deadline, and leaves it to its device's
 * {@link DeviceCommands}. Any thread.
 */
public final class CommandCentre {
    private static final Duration SWEEP = Duration.ofMillis(50);

    /**
     * @param deadline how long a command may take
     * @param manualHold how long what a person asks for stands, unless the request or the point's {@code hold} says otherwise
     */
    public record Times(Duration deadline, Duration manualHold) {
        public static final Times DEFAULT = new Times(Duration.ofSeconds(10), Duration.ofHours(2));
    }

    private final Ingress ingress;
    private final LongSupplier ids;
    private final Scheduler scheduler;
    private final Times times;
    private final Map<DeviceId, DeviceCommands> devices = new ConcurrentHashMap<>();
    private final Map<DeviceId, CommandTarget> targets = new ConcurrentHashMap<>();
    /** In order of their deadlines, which all are equally far away. */
    private final ConcurrentLinkedQueue<Watched> watched = new ConcurrentLinkedQueue<>();

    /** Commands that wait for their record. */
    private final Map<Long, Pending> recording = new ConcurrentHashMap<>();

    private final Map<DeviceId, Map<String, PriorityArray>> restoredArrays = new HashMap<>();
    private final Map<DeviceId, List<Command>> restoredCommands = new HashMap<>();
    private final Set<Long> unplaced = new HashSet<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    private record Watched(DeviceCommands device, Pending pending) {}

    /** @param ids numbers never used before, increasing */
    public CommandCentre(Ingress ingress, LongSupplier ids, Scheduler scheduler, Times times) {
        this.ingress = ingress;
        this.ids = ids;
        this.scheduler = scheduler;
        this.times = times;
        ingress.onClockStep(
                () -> scheduler.after(Duration.ZERO, () -> devices.values().forEach(DeviceCommands::clockStepped)));
    }

    /** A device is in the house; it gets back what was asked of it in an earlier run. */
    public void add(CommandTarget target) {
        DeviceId id = target.info().id();
        DeviceCommands commands = new DeviceCommands(this, target);
        Map<String, PriorityArray> arrays = restoredArrays.remove(id);
        if (arrays != null) {
            arrays.forEach(commands::restore);
            target.mailbox().attend();
        }
        targets.put(id, target);
        devices.put(id, commands);
        List<Command> cutOff = restoredCommands.remove(id);
        if (cutOff != null) {
            cutOff.forEach(c -> resume(commands, target, c));
        }
    }

    /**
     * What an earlier run left; given to the devices when they are {@link #add added}.
     *
     * @param cutOff commands without their end
     * @param ofThese sets among them that were taken on and had not taken their slot
     */
    public void restore(Map<PointId, PriorityArray> arrays, List<Command> cutOff, Set<Long> ofThese) {
        unplaced.addAll(ofThese);
        arrays.forEach((point, array) -> restoredArrays
                .computeIfAbsent(point.device(), d -> new HashMap<>())
                .put(point.point(), array));
        cutOff.forEach(command -> restoredCommands
                .computeIfAbsent(command.request().device(), d -> new ArrayList<>())
                .add(command));
    }

    /** The devices that are left are all there are: commands for others come to their end. */
    public void restored() {
        restoredCommands.forEach((device, cutOff) -> cutOff.forEach(c -> ingress.mailbox(device)
                .publish(
                        new Fact.CommandEnded(c.id(), new CommandResult(Outcome.UNKNOWN, "its device left the house")),
                        Cause.RUNTIME)));
        restoredCommands.clear();
        restoredArrays.clear();
        unplaced.clear();
    }

    /** A set is sent again, a release is done again, a repeatable action if its time is not over; of the rest nobody knows. */
    private void resume(DeviceCommands commands, CommandTarget target, Command command) {
        if (unplaced.remove(command.id())) {
            place(commands, target, command, (SetPoint) command.request());
            return;
        }
        long most = times.deadline().toNanos() / 1000;
        long left = command.request() instanceof SetPoint
                ? most
                : Math.min(most, command.deadlineMicros() - ingress.nowMicros());
        Pending pending =
                new Pending(command, feedback(command.request(), target.info()), ingress.steadyMicros() + left);
        if (command.request() instanceof SetPoint) {
            watch(commands, pending);
            commands.resume(pending);
        } else if (command.request() instanceof Relinquish
                || repeatable(command.request(), target.info()) && left > 0) {
            watch(commands, pending);
            commands.accept(pending, true);
        } else {
            commands.finish(pending, new CommandResult(Outcome.UNKNOWN, "cut off by a restart"));
        }
    }

    /** The crash came between the record of a set and that of its slot: it takes it now, for what is left of its hold. */
    private void place(DeviceCommands commands, CommandTarget target, Command command, SetPoint set) {
        long now = ingress.nowMicros();
        long most = times.deadline().toNanos() / 1000;
        long hold = set.hold() == null ? 0 : set.hold().toNanos() / 1000;
        long left = Math.max(0, hold - Math.max(0, now - command.acceptedMicros()));
        SetPoint still = hold == 0
                ? set
                : new SetPoint(
                        set.point(), set.value(), set.slot(), Duration.of(left, ChronoUnit.MICROS), set.parameters());
        Pending pending = new Pending(
                new Command(command.id(), still, command.cause(), now, now + most),
                feedback(set, target.info()),
                ingress.steadyMicros() + most);
        if (hold > 0 && left == 0) {
            commands.finish(pending, new CommandResult(Outcome.SUPERSEDED, "its time was over before the restart"));
        } else {
            watch(commands, pending);
            commands.accept(pending, true);
        }
    }

    /** What is asked of all points. */
    public Map<PointId, PriorityArray> allPriorities() {
        Map<PointId, PriorityArray> out = new HashMap<>();
        devices.forEach(
                (id, commands) -> commands.arrays().forEach((point, array) -> out.put(new PointId(id, point), array)));
        return out;
    }

    /** Commands whose record is on its way to the disk. */
    public List<Command> recording() {
        List<Command> out = new ArrayList<>();
        recording.values().forEach(p -> out.add(p.command));
        return out;
    }

    /** Commands that devices have, and that have not ended. */
    public List<Command> open() {
        List<Command> out = new ArrayList<>();
        devices.values().forEach(d -> out.addAll(d.open()));
        return out;
    }

    /** A device left the house: its commands fail. */
    public void remove(DeviceId id) {
        targets.remove(id);
        DeviceCommands commands = devices.remove(id);
        if (commands != null) {
            commands.remove();
        }
    }

    /**
     * Validates, arbitrates and sends a request.
     *
     * @param unknown what to say of a device that is not there
     */
    public CommandTicket send(Request request, Cause cause, Function<DeviceId, String> unknown)
            throws CommandRefusedException {
        CommandTarget target = targets.get(request.device());
        DeviceCommands commands = devices.get(request.device());
        if (target == null || commands == null) {
            throw new CommandRefusedException(unknown.apply(request.device()));
        }
        DeviceInfo info = target.info();
        Request valid = new RequestCheck(info).check(request);
        if (cause.origin() == Origin.USER
                && valid instanceof SetPoint set
                && set.hold() == null
                && set.slot() == PriorityClass.MANUAL.slot()) {
            Duration own = target.hold(set.point().point());
            Duration hold = own == null ? times.manualHold() : own;
            valid = new SetPoint(set.point(), set.value(), set.slot(), hold, set.parameters());
        }
        Pending pending = make(valid, cause, info);
        boolean durable = cause.origin() == Origin.USER || !repeatable(valid, info);
        if (durable) {
            recording.put(pending.command.id(), pending);
        }
        watch(commands, pending);
        if (!durable) {
            return new CommandTicket(pending.command.id(), commands.accept(pending, false), pending.ended);
        }
        CompletionStage<Event> onDisk =
                target.mailbox().publishDurably(new Fact.CommandAccepted(pending.command), cause);
        onDisk.whenComplete((event, failure) -> {
            // A disk that is full must not keep a person from switching a light; only the promise of a record is
            // broken.
            commands.accept(pending, true);
            recording.remove(pending.command.id());
        });
        return new CommandTicket(pending.command.id(), onDisk.thenApply(e -> null), pending.ended);
    }

    static boolean repeatable(Request request, DeviceInfo info) {
        return !(request instanceof CallAction call)
                || info.description()
                        .action(call.action())
                        .map(ActionSpec::repeatable)
                        .orElse(false);
    }

    /** A command for a valid request. */
    Pending make(Request request, Cause cause, DeviceInfo info) {
        long now = ingress.nowMicros();
        long most = times.deadline().toNanos() / 1000;
        Command command = new Command(ids.getAsLong(), request, cause, now, now + most);
        return new Pending(command, feedback(request, info), ingress.steadyMicros() + most);
    }

    private static Feedback feedback(Request request, DeviceInfo info) {
        if (request instanceof SetPoint set) {
            PointSpec spec = info.description().point(set.point().point()).orElse(null);
            if (spec == null
                    || spec.feedback() == Feedback.REPORT && !spec.access().readable()) {
                return Feedback.NONE;
            }
            return spec.feedback();
        }
        return request instanceof Refresh ? Feedback.REPORT : Feedback.NONE;
    }

    /** Ends the command when its time is up. */
    void watch(DeviceCommands device, Pending pending) {
        watched.add(new Watched(device, pending));
        if (!sweeping.get() && sweeping.compareAndSet(false, true)) {
            scheduler.after(SWEEP, this::sweep);
        }
    }

    private void sweep() {
        long now = ingress.steadyMicros();
        Watched first = watched.peek();
        while (first != null && (first.pending.over || first.pending.deadlineMicros <= now)) {
            watched.poll();
            if (!first.pending.over) {
                first.device.timeOut(first.pending);
            }
            first = watched.peek();
        }
        if (first != null) {
            scheduler.after(SWEEP, this::sweep);
            return;
        }
        sweeping.set(false);
        if (!watched.isEmpty() && sweeping.compareAndSet(false, true)) {
            scheduler.after(SWEEP, this::sweep);
        }
    }

    /** @param micros steady */
    void expireAt(DeviceCommands device, long micros) {
        long left = Math.max(0, micros - ingress.steadyMicros());
        scheduler.after(Duration.ofNanos(left * 1000), device::expire);
    }

    long nowMicros() {
        return ingress.nowMicros();
    }

    long steadyMicros() {
        return ingress.steadyMicros();
    }

    long timeAt(long steadyMicros) {
        return ingress.timeAt(steadyMicros);
    }

    State state(PointId point) {
        return ingress.state(point);
    }

    // ---- from the device host

    /** A good report of a described point, after it was put into the mailbox. */
    public void reported(DeviceId device, PointSpec spec, Value value) {
        DeviceCommands commands = devices.get(device);
        if (commands != null) {
            commands.reported(spec, value);
        }
    }

    /** The device says how a command of its ended. */
    public void answered(DeviceId device, long command, CommandResult result) {
        DeviceCommands commands = devices.get(device);
        if (commands != null) {
            commands.answered(command, result);
        }
    }

    /** The device's readiness may have changed. */
    public void readinessChanged(DeviceId device) {
        DeviceCommands commands = devices.get(device);
        if (commands != null) {
            commands.readinessChanged();
        }
    }

    /** What is asked of a point. */
    public PriorityArray priorities(PointId point) {
        DeviceCommands commands = devices.get(point.device());
        return commands == null ? PriorityArray.EMPTY : commands.priorities(point.point());
    }
}
