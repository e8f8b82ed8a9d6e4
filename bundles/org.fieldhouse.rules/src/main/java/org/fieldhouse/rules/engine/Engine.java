package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Cond;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Functions;
import org.fieldhouse.rules.program.Held;
import org.fieldhouse.rules.program.HeldCode;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.program.Target;
import org.fieldhouse.rules.program.Val;
import org.fieldhouse.rules.program.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program over events. Everything it does follows from the events, in order, and the place it was given: no clock, no
 * chance, no threads. Not thread-safe; one thread at a time.
 *
 * <p>One step: the timers due by the event's time fire, in the order of their times and then of their setting; then the event is
 * taken in; then what the rules changed themselves (variables) is taken in, until nothing changes any more.
 *
 * <p>Beyond 400 lines because the step, its two ways of loading (save, restore) and the reload share all of the state.
 */
public final class Engine {
    static final int FORMAT = 3;
    /** The format of engines that took the time of the journal for all there is. */
    static final int WITHOUT_STEPS = 2;
    /** Changes of variables that one event may lead to; more is rules that set off each other. */
    private static final int MAX_ROUNDS = 10_000;

    final Env env;
    final Timers timers = new Timers();
    final Interpreter interpreter = new Interpreter(this);
    final CallTable calls = new CallTable();
    /** The event at hand. */
    long sequence;
    /** The event that what happens now is put down to: the one at hand, or 0 when a time came that it has nothing to do with. */
    long cause;
    /** Who caused the event at hand. */
    Cause.Origin origin = Cause.Origin.RUNTIME;

    private final PointTable points = new PointTable();
    private final Map<DeviceId, Cell> devices = new HashMap<>();
    private final Map<String, Variable> variables = new TreeMap<>();
    private final Map<String, Cell> declared = new HashMap<>();
    private final ArrayDeque<Cell> dirty = new ArrayDeque<>();
    /** What statements want of other declarations; done after the run that they stand in. */
    private final ArrayDeque<Runnable> wanted = new ArrayDeque<>();

    private @Nullable Probe probe;
    private Program program = Program.EMPTY;
    private Wiring wiring = new Wiring(0);
    private List<Behaviour> behaviours = List.of();
    private HeldTracker[] trackers = {};
    private Map<String, Code.Scene> scenes = Map.of();
    private Outputs outputs = output -> {};
    /** The last event's time in the journal. */
    private long journal;
    /** The same, steady. */
    private long arrived;
    /** Up to which steady time everything that was due has been done. */
    private long done;

    private Timescale scale = Timescale.ONE;
    private long failures;

    /** A variable's value, and how many of our own settings of it are not back from the journal yet. */
    private static final class Variable {
        final Cell cell = new Cell();
        int pending;
    }

    public Engine(Calendar.Place place) {
        this(place, Functions.NONE);
    }

    public Engine(Calendar.Place place, Functions functions) {
        env = new Env(new Calendar(place));
        env.functions = functions;
    }

    // ---- events -----------------------------------------------------------------------------------------------------

    /** Takes in one event. Events come in the order of their numbers. */
    public void step(Event event, Outputs to) {
        outputs = to;
        sequence = event.sequence();
        cause = sequence;
        origin = event.cause().origin();
        Fact fact = event.fact();
        if (fact instanceof Fact.ClockStepped step) {
            clockStepped(step, event.timeMicros());
            return;
        }
        arrive(event.timeMicros());
        if (fact instanceof Fact.RuntimeStarted started) {
            outage(started);
            return;
        }
        overdue(fact);
        env.now = arrived;
        if (fact instanceof Fact.StateChanged changed) {
            state(changed.point(), changed.after());
        } else if (fact instanceof Fact.StateReported reported) {
            reported(reported);
        } else if (fact instanceof Fact.DeviceSignalled signalled) {
            for (BodyRunner.SignalledRunner each : wiring.heard(signalled)) {
                each.heard(signalled.arguments());
            }
        } else if (fact instanceof Fact.StatusChanged status) {
            online(status.device(), status.after().isOnline());
        } else if (fact instanceof Fact.DeviceRemoved removed) {
            removed(removed.device());
        } else if (fact instanceof Fact.VariableChanged variable) {
            variable(variable, event.cause().rule() != null);
        } else if (fact instanceof Fact.ExternalFact external && origin == Cause.Origin.RULE) {
            functions(external);
        }
        for (Behaviour behaviour : wiring.interested(fact)) {
            behaviour.happened(fact);
        }
        settle();
    }

    /** When it has to be woken, in the time of the journal, µs since 1970; {@link Long#MAX_VALUE} for never. */
    public long nextWake() {
        return scale.journalAt(timers.nextDue());
    }

    /** When it has to be woken, steady; {@link Long#MAX_VALUE} for never. */
    public long nextDue() {
        return timers.nextDue();
    }

    /** Steady time of the last event. */
    public long reached() {
        return arrived;
    }

    /** Steady time at that time of the journal, which is not before the last event's. */
    public long steadyAt(long journalMicros) {
        return Math.max(arrived, scale.steadyAt(journalMicros));
    }

    /** What the wall clock shows at that steady time, as far as is known, µs since 1970. */
    public long wall(long steadyMicros) {
        return scale.wallAt(steadyMicros);
    }

    private void arrive(long journalMicros) {
        journal = Math.max(journal, journalMicros);
        arrived = Math.max(arrived, scale.steadyAt(journal));
    }

    /** What was due before the event came. A wake-up is the time itself. */
    private void overdue(Fact fact) {
        cause = fact instanceof Fact.TimerElapsed ? sequence : 0;
        fireDue(arrived);
        cause = sequence;
    }

    private void fireDue(long until) {
        while (timers.nextDue() <= until) {
            Timer timer = timers.take();
            env.now = Math.max(timer.due, done);
            elapsed(timer, false);
        }
        done = Math.max(done, until);
    }

    /** The wall clock was set: what lasts goes on lasting, what goes by the wall clock is looked at again. */
    private void clockStepped(Fact.ClockStepped step, long journalMicros) {
        arrive(step.atMicros());
        fireDue(arrived);
        env.now = arrived;
        journal = Math.max(journal, journalMicros);
        long before = scale.offset();
        scale(scale.stepped(journal, arrived, step.afterMicros()));
        for (Behaviour behaviour : behaviours) {
            guard(behaviour.head, () -> behaviour.clockStepped(scale.offset() - before));
        }
        fireDue(arrived);
        env.now = arrived;
        lookAgain();
        settle();
    }

    private void scale(Timescale next) {
        scale = next;
        env.offset = next.offset();
    }

    private void elapsed(Timer timer, boolean missed) {
        try {
            timer.elapsed(missed);
        } catch (RuntimeException | StackOverflowError e) {
            contained(e, sequence, new RuleRef("timer", "", 0));
        }
        settle();
    }

    private void outage(Fact.RuntimeStarted started) {
        if (started.stoppedMicros() > 0) {
            long stopped = Math.min(scale.steadyAt(started.stoppedMicros()), arrived);
            fireDue(stopped);
            env.now = Math.max(env.now, stopped);
            for (Behaviour behaviour : behaviours) {
                guard(behaviour.head, behaviour::runtimeStopped);
            }
            settle();
        }
        env.now = arrived;
        long since = timers.nextOrder();
        while (timers.nextDue() <= arrived) {
            Timer timer = timers.take();
            elapsed(timer, timer.order < since);
        }
        done = Math.max(done, arrived);
        for (Behaviour behaviour : behaviours) {
            guard(behaviour.head, behaviour::runtimeStarted);
        }
        settle();
    }

    private void reported(Fact.StateReported fact) {
        Cell cell = points.get(fact.point());
        if (cell == null || cell.quality() != fact.state().quality()) {
            state(fact.point(), fact.state());
        }
    }

    private void state(PointId point, State state) {
        Cell known = points.get(point);
        Cell cell = known == null ? points.of(point) : known;
        cell.set(state.value(), state.quality());
        if (!cell.isQuiet()) {
            tell(cell);
            cell.calm(); // no rule sets a point's cell, so all have seen the same number
        }
    }

    private void online(DeviceId device, boolean online) {
        Cell cell = devices.computeIfAbsent(device, d -> new Cell());
        cell.set(Bool.of(online), Quality.GOOD);
        tell(cell);
    }

    private void removed(DeviceId device) {
        online(device, false);
        List<PointId> gone = new ArrayList<>();
        points.forEach((point, cell) -> {
            if (point.device().equals(device)) {
                gone.add(point);
            }
        });
        gone.sort((a, b) -> a.point().compareTo(b.point()));
        for (PointId point : gone) {
            state(point, State.NONE);
        }
    }

    private void tell(Cell cell) {
        Watcher first = cell.first();
        if (first != null) {
            tell(first, cell);
            for (Watcher watcher : cell.others()) {
                tell(watcher, cell);
            }
        }
    }

    private void tell(Watcher watcher, Cell cell) {
        try {
            watcher.changed(cell);
        } catch (RuntimeException | StackOverflowError e) {
            contained(e, sequence, new RuleRef(watcher.getClass().getSimpleName(), "", 0));
        }
    }

    /** Takes in what rules changed, until nothing changes any more. */
    private void settle() {
        for (int round = 0; !dirty.isEmpty() || !wanted.isEmpty(); round++) {
            if (!wanted.isEmpty()) {
                wanted.remove().run();
                continue;
            }
            Cell cell = dirty.remove();
            if (round > MAX_ROUNDS) {
                dirty.clear();
                trouble(
                        "rules set off each other without end; ended after " + MAX_ROUNDS + " changes",
                        sequence,
                        nowhere());
                return;
            }
            tell(cell);
        }
    }

    /** A cell that a behaviour owns has changed. */
    void changed(Cell cell) {
        dirty.add(cell);
    }

    /** Tells where it comes through from now on; null for nobody. */
    public void probe(@Nullable Probe to) {
        probe = to;
    }

    boolean isProbed() {
        return probe != null;
    }

    void reached(Code.Head head, String what) {
        if (probe != null) {
            probe.reached(head, what);
        }
    }

    void reached(Code.Head head, String what, boolean way) {
        if (probe != null) {
            probe.reached(head, what + (way ? Probe.TRUE : Probe.FALSE));
        }
    }

    // ---- functions
    // -------------------------------------------------------------------------------------------------

    /** Only what the rules' own bundle says of functions counts: nobody else can make up a result. */
    private void functions(Fact.ExternalFact fact) {
        if (fact.type().equals(FunctionFacts.RETURNED)) {
            Instance run = calls.waiting(FunctionFacts.call(fact));
            if (run != null) {
                run.returned(FunctionFacts.value(fact), FunctionFacts.reason(fact));
            }
        } else if (fact.type().equals(FunctionFacts.CHANGED)) {
            Cell cell = presence(FunctionFacts.function(fact));
            cell.set(Bool.of(FunctionFacts.isPresent(fact)), Quality.GOOD);
            tell(cell);
        }
    }

    private Cell presence(String function) {
        return declared.computeIfAbsent("function " + function, name -> new Cell());
    }

    /** Whether a function is there, as far as the events tell. */
    public boolean hasFunction(String function) {
        return Bool.ON.equals(presence(function).value());
    }

    /** A function is there, when the engine is made. */
    public void seedFunction(String function) {
        presence(function).set(Bool.ON, Quality.GOOD);
    }

    // ---- variables
    // ---------------------------------------------------------------------------------------------------

    /**
     * The journal says that a variable was set. Our own settings were taken in when they were made; while some of them are still
     * on their way, what others set before them in the journal is overtaken.
     */
    private void variable(Fact.VariableChanged fact, boolean own) {
        Variable variable = variables.get(fact.name());
        if (variable == null) {
            return;
        }
        if (own && variable.pending > 0) {
            variable.pending--;
        }
        if (variable.pending == 0 && !fact.after().equals(variable.cell.value())) {
            variable.cell.set(fact.after(), Quality.GOOD);
            tell(variable.cell);
        }
    }

    void setVariable(Target.Variable target, Value value, long parent, RuleRef place) {
        Variable variable = variables.get(target.name());
        if (variable == null) {
            return;
        }
        Value after;
        try {
            after = target.spec().normalize(value);
        } catch (IllegalArgumentException e) {
            trouble("not set: " + e.getMessage(), parent, place);
            return;
        }
        Value before = variable.cell.value();
        if (after.equals(before)) {
            return;
        }
        variable.cell.set(after, Quality.GOOD);
        variable.pending++;
        put(new Output.SetVariable(target.name(), before, after, parent, place));
        changed(variable.cell);
    }

    // ---- for behaviours
    // ------------------------------------------------------------------------------------------------

    void put(Output output) {
        outputs.put(output);
    }

    void trouble(String text, long parent, RuleRef place) {
        put(new Output.Trouble(text, null, parent, place));
    }

    /** A bug was met and went no further. */
    void contained(Throwable bug, long parent, RuleRef place) {
        failures++;
        env.leave();
        env.lenient = false;
        put(new Output.Trouble("stopped by a defect: " + bug, bug, parent, place));
    }

    private void guard(Code.Head head, Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | StackOverflowError e) {
            contained(e, sequence, new RuleRef(head.name(), head.file(), head.line()));
        }
    }

    /** Raises or clears an alarm by a statement. */
    void alarm(String name, boolean on) {
        for (Behaviour behaviour : behaviours) {
            if (behaviour instanceof AlarmRunner alarm && alarm.head.name().equals(name)) {
                wanted.add(() -> alarm.force(on));
            }
        }
    }

    Code.@Nullable Scene scene(String name) {
        return scenes.get(name);
    }

    /** Steady time of the event at hand; what a late timer's own time is behind. */
    long arrived() {
        return arrived;
    }

    private static RuleRef nowhere() {
        return new RuleRef("engine", "", 0);
    }

    /** Microseconds of so many seconds, at least 0, at most a century. */
    static long micros(double seconds) {
        return Math.round(Math.max(0, Math.min(seconds, 3.2e9)) * 1e6);
    }

    // ---- programs
    // ------------------------------------------------------------------------------------------------------

    /**
     * Goes over to another program between two events. Declarations with the same identity and content keep all they remember;
     * the others end and begin anew.
     *
     * @param at the event at which it happens, whose time is the engine's by then
     */
    public void load(Program next, Event at, Outputs to) {
        outputs = to;
        sequence = at.sequence();
        arrive(at.timeMicros());
        overdue(at.fact());
        env.now = arrived;
        Map<String, byte[]> kept = new HashMap<>();
        remembered().forEach(each -> kept.put(each.identity(), each.bytes()));
        List<Behaviour> before = behaviours;
        boolean otherDays = !next.daysOff().equals(program.daysOff());
        install(next);
        Set<String> same = new HashSet<>();
        Set<Claim> staying = new HashSet<>();
        for (Behaviour behaviour : behaviours) {
            same.add(behaviour.head.identity());
            staying.addAll(behaviour.claims());
        }
        for (Behaviour behaviour : before) {
            if (!same.contains(behaviour.head.identity())) {
                guard(behaviour.head, () -> behaviour.end(staying));
            }
        }
        revive(kept, FORMAT);
        if (otherDays) {
            lookAgain();
        }
        settle();
    }

    /** What one declaration, or one condition whose lasting is measured, remembers. */
    private record Memory(String identity, byte[] bytes) {}

    private List<Memory> remembered() {
        List<Memory> all = new ArrayList<>(trackers.length + behaviours.size());
        StateOutput out = new StateOutput();
        for (HeldTracker tracker : trackers) {
            tracker.save(out);
            all.add(new Memory(tracker.code.identity(), out.take()));
        }
        for (Behaviour behaviour : behaviours) {
            behaviour.save(out);
            all.add(new Memory(behaviour.head.identity(), out.take()));
        }
        return all;
    }

    /** Makes the program's behaviours, without memory yet. */
    private void install(Program next) {
        for (Cell cell : env.cells) {
            cell.watchers(List.of());
        }
        long order = timers.nextOrder();
        while (timers.size() > 0) {
            timers.take();
        }
        timers.nextOrder(order);
        calls.clear();
        program = next;
        env.calendar.daysOff(next.daysOff());
        Set<String> names = new HashSet<>();
        env.cells = new Cell[next.sources().size()];
        for (int i = 0; i < env.cells.length; i++) {
            Source source = next.sources().get(i);
            env.cells[i] = cell(source);
            env.cells[i].unit(source.numbers());
            if (source instanceof Source.OfVariable variable) {
                names.add(variable.name());
            }
        }
        variables.keySet().retainAll(names);
        wiring = new Wiring(env.cells.length);
        trackers = new HeldTracker[next.held().size()];
        env.held = new Held[trackers.length];
        for (int i = 0; i < trackers.length; i++) {
            HeldCode code = next.held().get(i);
            trackers[i] = new HeldTracker(this, code);
            env.held[i] = trackers[i].held;
            wiring.watch(code.deps(), trackers[i]);
        }
        List<Behaviour> made = new ArrayList<>();
        Map<String, Code.Scene> named = new HashMap<>();
        for (Code code : next.codes()) {
            if (code instanceof Code.Scene scene) {
                named.put(scene.head().name(), scene);
            }
            Behaviour behaviour = behaviour(code);
            if (behaviour != null) {
                behaviour.bind(wiring);
                made.add(behaviour);
            }
        }
        behaviours = List.copyOf(made);
        scenes = Map.copyOf(named);
        wiring.apply(env.cells);
    }

    /** What a declaration does; null for one that only others use. */
    private @Nullable Behaviour behaviour(Code code) {
        if (code instanceof Code.Body body) {
            return new BodyRunner(this, body);
        } else if (code instanceof Code.Level level) {
            return new LevelRunner(this, level);
        } else if (code instanceof Code.Counter counter) {
            return new Counting(this, counter, env.cells[counter.cell()]);
        } else if (code instanceof Code.Alarm alarm) {
            return new AlarmRunner(this, alarm, env.cells[alarm.cell()]);
        } else if (code instanceof Code.Link link) {
            return new Forwarding(this, link);
        } else if (code instanceof Code.Upload upload) {
            return new Uploading(this, upload);
        }
        return null;
    }

    private Cell cell(Source source) {
        if (source instanceof Source.OfPoint point) {
            return points.of(point.id());
        } else if (source instanceof Source.OfDevice device) {
            return devices.computeIfAbsent(device.id(), id -> new Cell());
        } else if (source instanceof Source.OfVariable variable) {
            Variable known = variables.computeIfAbsent(variable.name(), name -> new Variable());
            Value value = known.cell.value();
            if (value == null || variable.spec().violation(value).isPresent()) {
                known.cell.set(variable.initial(), Quality.GOOD);
            }
            return known.cell;
        } else if (source instanceof Source.OfDeclaration declaration) {
            return declared.computeIfAbsent(declaration.declaration(), d -> new Cell());
        }
        throw new IllegalArgumentException(source.toString());
    }

    /** Gives memory back to those that had it; the others begin. What cannot be read begins anew too. */
    private void revive(Map<String, byte[]> kept, int format) {
        for (HeldTracker tracker : trackers) {
            byte[] memory = kept.get(tracker.code.identity());
            if (memory == null || !restored(() -> tracker.restore(new StateInput(memory, format)))) {
                tracker.begin();
            }
        }
        List<Behaviour> fresh = new ArrayList<>();
        for (Behaviour behaviour : behaviours) {
            byte[] memory = kept.get(behaviour.head.identity());
            if (memory == null || !restored(() -> behaviour.restore(new StateInput(memory, format)))) {
                fresh.add(behaviour);
            }
        }
        for (Behaviour behaviour : fresh) {
            guard(behaviour.head, behaviour::begin);
        }
    }

    private interface Restoring {
        void run() throws IOException;
    }

    private boolean restored(Restoring what) {
        try {
            what.run();
            return true;
        } catch (IOException | RuntimeException e) {
            trouble("began anew: what it remembered cannot be read: " + e.getMessage(), sequence, nowhere());
            return false;
        }
    }

    // ---- saving
    // --------------------------------------------------------------------------------------------------------

    /** All that is remembered, as bytes; the same state gives the same bytes. Between two events only. */
    public byte[] save() {
        StateOutput out = new StateOutput();
        out.small(FORMAT);
        out.number(sequence);
        out.number(arrived);
        out.number(journal);
        scale.save(out);
        out.number(timers.nextOrder());
        out.number(failures);
        out.number(calls.last());
        List<Map.Entry<PointId, Cell>> cells = points.sorted();
        out.small(cells.size());
        for (Map.Entry<PointId, Cell> each : cells) {
            PointId id = each.getKey();
            cell(out, id.device() + "\u0000" + id.point(), each.getValue());
        }
        Map<String, Cell> sorted = new TreeMap<>();
        devices.forEach((id, cell) -> sorted.put(id.value(), cell));
        cells(out, sorted);
        sorted.clear();
        variables.forEach((name, variable) -> sorted.put(name, variable.cell));
        cells(out, sorted);
        for (Variable variable : variables.values()) {
            out.small(variable.pending);
        }
        cells(out, new TreeMap<>(declared));
        List<Memory> memory = remembered(); // nearly sorted: declarations are
        memory.sort(Comparator.comparing(Memory::identity));
        out.small(memory.size());
        for (Memory each : memory) {
            out.text(each.identity());
            out.block(each.bytes());
        }
        return Seal.close(out.toBytes());
    }

    private static void cells(StateOutput out, Map<String, Cell> cells) {
        out.small(cells.size());
        cells.forEach((name, cell) -> cell(out, name, cell));
    }

    private static void cell(StateOutput out, String name, Cell cell) {
        out.text(name);
        out.small(cell.quality().ordinal());
        out.value(cell.value());
    }

    /**
     * An engine as it was when it was saved, but for declarations that the program no longer has as they were.
     *
     * @throws IOException if the bytes are not a saved engine; then an older one may be
     */
    public static Engine restore(byte[] saved, Program program, Calendar.Place place, Outputs to) throws IOException {
        return restore(saved, program, new Engine(place), to);
    }

    /** The same, into an engine that was just made. */
    public static Engine restore(byte[] saved, Program program, Engine fresh, Outputs to) throws IOException {
        try {
            return restored(saved, program, fresh, to);
        } catch (RuntimeException e) {
            throw new IOException("engine state that cannot be: " + e.getMessage(), e);
        }
    }

    private static Engine restored(byte[] saved, Program program, Engine engine, Outputs to) throws IOException {
        engine.outputs = to;
        StateInput in = new StateInput(Seal.open(saved));
        int format = in.small();
        if (format != FORMAT && format != WITHOUT_STEPS) {
            throw new IOException("engine state of format " + format + ", expected " + FORMAT);
        }
        engine.sequence = in.number();
        engine.cause = engine.sequence;
        engine.arrived = in.number();
        engine.env.now = engine.arrived;
        engine.done = engine.arrived;
        boolean steps = format > WITHOUT_STEPS;
        engine.journal = steps ? in.number() : engine.arrived;
        engine.scale(steps ? Timescale.restore(in) : Timescale.ONE);
        long order = in.number();
        engine.failures = in.number();
        engine.calls.last(in.number());
        for (Source source : program.sources()) {
            if (source instanceof Source.OfPoint point) {
                engine.points.of(
                        point.id()); // known by the program's id, which is there anyway, and not by one of its own
            }
        }
        engine.restoreCells(in);
        Map<String, byte[]> memory = new HashMap<>();
        for (int i = in.count(); i > 0; i--) {
            memory.put(in.text(), in.block());
        }
        engine.timers.nextOrder(order);
        engine.install(program);
        engine.revive(memory, format);
        engine.settle();
        return engine;
    }

    private void restoreCells(StateInput in) throws IOException {
        restoreCells(in, key -> {
            int split = key.indexOf('\u0000');
            return points.of(PointId.of(key.substring(0, split), key.substring(split + 1)));
        });
        restoreCells(in, key -> devices.computeIfAbsent(new DeviceId(key), id -> new Cell()));
        restoreCells(in, key -> variables.computeIfAbsent(key, name -> new Variable()).cell);
        for (Variable variable : variables.values()) {
            variable.pending = in.small();
        }
        restoreCells(in, key -> declared.computeIfAbsent(key, name -> new Cell()));
    }

    private static void restoreCells(StateInput in, Function<String, Cell> cells) throws IOException {
        Quality[] qualities = Quality.values();
        for (int i = in.count(); i > 0; i--) {
            Cell cell = cells.apply(in.text());
            int quality = in.small();
            if (quality < 0 || quality >= qualities.length) {
                throw new IOException("no quality " + quality);
            }
            cell.set(in.value(), qualities[quality]);
        }
    }

    // ---- looking
    // -------------------------------------------------------------------------------------------------------

    /** How the declarations stand. */
    public List<Standing> standings() {
        return behaviours.stream().map(Behaviour::standing).toList();
    }

    /** How the alarms are when the wall clock shows that, which is not before the last event. */
    public List<AlarmStanding> alarms(long wallMicros) {
        long now = Math.max(arrived, wallMicros - env.offset);
        return behaviours.stream()
                .filter(AlarmRunner.class::isInstance)
                .map(each -> ((AlarmRunner) each).look(now))
                .toList();
    }

    /** The links that may run in the machines themselves. */
    public List<LinkStanding> links() {
        return behaviours.stream()
                .filter(each -> each instanceof Forwarding link && link.wantsDevice())
                .map(each -> ((Forwarding) each).link())
                .toList();
    }

    /** The value of a variable; null if there is none of that name. */
    public @Nullable Value variable(String name) {
        Variable variable = variables.get(name);
        return variable == null ? null : variable.cell.value();
    }

    /** Takes in a state that the journal does not tell, when the engine is made. */
    public void seed(PointId point, State state) {
        points.of(point).set(state.value(), state.quality());
    }

    /** Takes in what a variable is, when the engine is made. */
    public void seed(String variable, Value value) {
        variables.computeIfAbsent(variable, name -> new Variable()).cell.set(value, Quality.GOOD);
    }

    /** Takes in whether a device is online, when the engine is made. */
    public void seed(DeviceId device, boolean online) {
        devices.computeIfAbsent(device, id -> new Cell()).set(Bool.of(online), Quality.GOOD);
    }

    /** What a condition of the program is at that time of the journal, which is not before the last event's. Changes nothing. */
    public int look(Cond condition, long atMicros) {
        env.now = steadyAt(atMicros);
        return condition.test(env);
    }

    /** What an expression of the program is at that time, see {@link #look(Cond, long)}. */
    public @Nullable Value look(Val expression, long atMicros) {
        env.now = steadyAt(atMicros);
        return expression.eval(env);
    }

    /** The cell of that index of the program, for looking. */
    public Cell cell(int index) {
        return env.cells[index];
    }

    /** Days, hours and the sun; a test moves the sun by hand. */
    public Calendar calendar() {
        return env.calendar;
    }

    /** The sun was moved by hand: everything that looks at it looks again. */
    public void sunMoved(Event at, Outputs to) {
        step(at, to);
        outputs = to;
        lookAgain();
        settle();
    }

    /** Something is otherwise that no event tells: the sun in a test, the days off. */
    private void lookAgain() {
        for (HeldTracker tracker : trackers) {
            tracker.elapsed(false);
        }
        for (Behaviour behaviour : behaviours) {
            guard(behaviour.head, behaviour::lookAgain);
        }
    }

    public Program program() {
        return program;
    }

    /** The number of the last event. */
    public long sequence() {
        return sequence;
    }

    /** Defects met so far. */
    public long failures() {
        return failures;
    }
}
