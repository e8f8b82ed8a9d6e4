package org.fieldhouse.rules.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.fieldhouse.rules.engine.LinkStanding;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.engine.Outputs;
import org.fieldhouse.rules.engine.StateInput;
import org.fieldhouse.rules.engine.StateOutput;
import org.fieldhouse.rules.program.Calendar;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the engine: events in, outputs out, a wake-up in time, snapshots, recovery.
 *
 * <p><b>Recovery.</b> The state is the newest snapshot and what the journal holds behind it. The events are replayed without
 * anything being sent; what they put out goes into the {@link Outbox}, and what the journal tells back goes out of it. What is
 * left then was cut off by the crash and is sent.
 *
 * <p><b>Programs.</b> A fact on the bus says from where on a new program counts, so that a replay goes over at the same event. The
 * journal writes the program before that fact; nobody waits for it.
 *
 * <p><b>Threads.</b> {@link #onEvent} runs on the subscription's thread or, while that sleeps, on the thread of whoever reports; both
 * are called the rules' thread here. Looking from elsewhere takes the same lock, which nobody holds while calling out.
 */
final class Driver implements EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    private static final String ENGINE = "rules.engine";
    private static final String PROGRAM = "rules.program";
    /** Says from which event on a program counts. */
    static final String ACTIVATED = "org.fieldhouse.rules.Activated";

    private static final String FINGERPRINT = "program";
    private static final int FORMAT = 2;
    private static final Cue OWN = Cue.NONE;

    /** The services it lives on. */
    record Services(EventBus bus, CommandRouter router, Journal journal, House house) {}

    /** What it works with beside the bus. */
    record Helpers(FunctionRegistry functions, FunctionCalls calls, Linker linker, Uploads uploads) {}

    /** See {@link RulesConfig}. */
    record Settings(Calendar.Place place, int snapshotSeconds, int snapshotEvents, int capacity) {}

    private final Services services;
    private final Settings settings;
    private final Helpers helpers;
    private final Sender sender;
    private final WakeUp wakeUp;
    private final ScheduledThreadPoolExecutor keeper;
    private final WarmUp warmUp;
    /** The files in force are most often those that ran last: parsed for the replay, they need not be parsed again. */
    private final LastCheck lastCheck = new LastCheck();

    private final Object lock = new Object();
    private @Nullable Subscription subscription;

    // Under the lock.
    private Engine engine;
    private Compiled running = Compiled.NONE;
    private final Outbox outbox = new Outbox();
    private long handled;
    /** Calls of functions that have not ended: the number of the call, and that of its event. */
    private final TreeMap<Long, Long> calling = new TreeMap<>();

    private final Map<String, Compiled> known = new HashMap<>();
    /** Kept programs that have not been made yet: of two, most often only the newer is needed. */
    private final Map<String, byte[]> onDisk = new HashMap<>();

    private final Map<String, CompletableFuture<Void>> awaited = new HashMap<>();
    private String latest = Compiled.NONE.fingerprint();
    private int sinceSnapshot;

    // The rules' thread alone.
    private final List<Output> batch = new ArrayList<>();

    private final Outputs intoBatch = batch::add;

    /** Whether nobody holds the lock for long. */
    private volatile boolean prompt;

    // The keeper's thread alone, once it has begun.
    private long kept = -1;

    Driver(Services services, Settings settings, Helpers helpers) {
        this.services = services;
        this.settings = settings;
        this.helpers = helpers;
        this.engine = new Engine(settings.place(), helpers.functions());
        this.sender = new Sender(services.bus(), services.router(), helpers.calls(), helpers.linker(), this::failed);
        this.wakeUp =
                new WakeUp(due -> services.bus().publish(new Fact.TimerElapsed(look(engine -> engine.wall(due))), OWN));
        this.keeper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-rules-snapshots");
            thread.setDaemon(true);
            return thread;
        });
        this.warmUp = new WarmUp(this::running, settings.place());
    }

    // ---- life
    // ----------------------------------------------------------------------------------------------------------

    void start() {
        List<Output> unsent;
        List<Long> cutOff;
        List<LinkStanding> links;
        boolean found;
        synchronized (lock) {
            found = load();
            subscription = services.bus().subscribe("rules", Overflow.WAIT, settings.capacity(), this);
            long upTo = services.bus().lastSequence();
            awaitCommitted(upTo);
            if (found) {
                replay(Math.min(handled, upTo), upTo);
            } else {
                seed();
            }
            handled = upTo;
            unsent = outbox.all();
            cutOff = List.copyOf(calling.values());
            links = engine.links();
            onDisk.clear();
            helpers.functions().remember(running.model().functions());
            LOG.info(
                    "Rules at event {}: {} declarations, {} commands to be sent again",
                    handled,
                    running.program().codes().size(),
                    unsent.size());
        }
        if (!found) {
            keep(); // so that there is something to replay from, whenever the first crash comes
        }
        cutOff.forEach(sequence -> services.journal().event(sequence).ifPresent(helpers.calls()::cutOff));
        unsent.forEach(sender::send);
        helpers.linker().resume(links);
        helpers.uploads().wanted(running().program());
        functionsChanged();
        synchronized (lock) {
            wakeUp.seen(engine.steadyAt(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())), engine.nextDue());
        }
        prompt = true;
        keeper.scheduleWithFixedDelay(
                this::keep, settings.snapshotSeconds(), settings.snapshotSeconds(), TimeUnit.SECONDS);
        warmUp.begin(keeper);
    }

    /** Tells the engine, by an event, which functions are there; from then on their values count. */
    void functionsChanged() {
        Set<String> there = helpers.functions().names();
        List<Fact> news = new ArrayList<>();
        synchronized (lock) {
            for (FunctionSpec each : helpers.functions().specs()) {
                boolean now = there.contains(each.name());
                if (now != engine.hasFunction(each.name())) {
                    news.add(FunctionFacts.changed(each.name(), now));
                }
            }
        }
        news.forEach(fact -> services.bus().publish(fact, OWN));
    }

    void stop() {
        if (subscription != null) {
            subscription.close();
        }
        wakeUp.close();
        warmUp.cancel();
        keeper.execute(this::keep);
        keeper.shutdown();
        try {
            if (!keeper.awaitTermination(5, TimeUnit.SECONDS)) {
                keeper.shutdownNow();
            }
        } catch (InterruptedException e) {
            keeper.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    // ---- recovery
    // ------------------------------------------------------------------------------------------------------

    /** Takes the newest state that can be read; whether there was one. */
    private boolean load() {
        for (Snapshot each : snapshots(PROGRAM)) {
            try {
                onDisk.put(Compiled.fingerprint(each.data()), each.data());
            } catch (IOException e) {
                LOG.warn("Rules kept with event {} cannot be used: {}", each.sequence(), e.toString());
            }
        }
        known.put(Compiled.NONE.fingerprint(), Compiled.NONE);
        for (Snapshot each : snapshots(ENGINE)) {
            try {
                restore(each);
                return true;
            } catch (IOException | RuntimeException e) {
                LOG.warn("The state of the rules at event {} cannot be used: {}", each.sequence(), e.toString());
            }
        }
        return false;
    }

    /** The program of that fingerprint; null if there is none. */
    private @Nullable Compiled program(String fingerprint) {
        byte[] data = onDisk.remove(fingerprint);
        if (data != null) {
            try {
                known.put(fingerprint, Compiled.fromBytes(data, lastCheck));
            } catch (IOException | RuntimeException e) {
                LOG.warn("Rules {} that were kept cannot be used: {}", fingerprint, e.toString());
            }
        }
        return known.get(fingerprint);
    }

    private void restore(Snapshot snapshot) throws IOException {
        StateInput in = new StateInput(snapshot.data());
        int format = in.small();
        if (format != FORMAT) {
            throw new IOException("format " + format + ", expected " + FORMAT);
        }
        String fingerprint = in.text();
        Compiled compiled = program(fingerprint);
        if (compiled == null) {
            throw new IOException("its rules are missing");
        }
        Outbox saved = new Outbox();
        saved.restore(in);
        Map<Long, Long> open = new HashMap<>();
        for (int i = in.count(); i > 0; i--) {
            open.put(in.number(), in.number());
        }
        Engine fresh = new Engine(settings.place(), helpers.functions());
        Engine restored = Engine.restore(in.block(), compiled.program(), fresh, output -> {});
        saved.all().forEach(outbox::add);
        calling.putAll(open);
        engine = restored;
        running = compiled;
        latest = fingerprint;
        handled = snapshot.sequence();
    }

    private List<Snapshot> snapshots(String name) {
        try {
            return services.journal().snapshots(name);
        } catch (StoreException e) {
            LOG.error("Snapshots of the rules cannot be read; waiting rules are lost", e);
            return List.of();
        }
    }

    private void replay(long from, long upTo) {
        if (from >= upTo) {
            return;
        }
        try {
            services.journal().read(from + 1, event -> {
                if (event.sequence() > upTo) {
                    return false;
                }
                take(event, outbox::add);
                return true;
            });
        } catch (StoreException e) {
            LOG.error("The journal cannot be replayed; rules go on from event {}", from, e);
        }
    }

    /** The first start: what is known of the house already is no change. */
    private void seed() {
        for (DeviceInfo device : services.house().model().devices()) {
            engine.seed(device.id(), device.status().isOnline());
            for (PointSpec point : device.description().points()) {
                PointId id = new PointId(device.id(), point.name());
                engine.seed(id, services.house().state(id));
            }
        }
    }

    private void awaitCommitted(long sequence) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (services.journal().committedSequence() < sequence && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    // ---- events
    // --------------------------------------------------------------------------------------------------------

    @Override
    public boolean isPrompt() {
        return prompt;
    }

    @Override
    public void onEvent(Event event) {
        long due;
        long reached;
        boolean full;
        synchronized (lock) {
            if (event.sequence() <= handled) {
                return;
            }
            take(event, intoBatch);
            for (int i = 0; i < batch.size(); i++) {
                outbox.add(batch.get(i));
            }
            handled = event.sequence();
            due = engine.nextDue();
            reached = engine.reached();
            full = ++sinceSnapshot >= settings.snapshotEvents();
            if (full) {
                sinceSnapshot = 0;
            }
        }
        if (!batch.isEmpty()) {
            for (int i = 0; i < batch.size(); i++) {
                send(batch.get(i));
            }
            batch.clear();
        }
        if (event.fact() instanceof Fact.StatusChanged status && status.after().isOnline()) {
            helpers.linker().online(status.device());
        }
        wakeUp.seen(reached, due);
        if (full) {
            keeper.execute(this::keep);
        }
    }

    private void send(Output output) {
        sender.send(output);
        if (output instanceof Output.Upload upload) {
            helpers.uploads().woken(upload.to());
        }
    }

    private void take(Event event, Outputs to) {
        outbox.seen(event);
        if (event.cause().origin() == Cause.Origin.RULE && event.fact() instanceof Fact.ExternalFact fact) {
            if (fact.type().equals(FunctionFacts.CALLED)) {
                calling.put(FunctionFacts.call(fact), event.sequence());
            } else if (fact.type().equals(FunctionFacts.RETURNED)) {
                calling.remove(FunctionFacts.call(fact));
            }
        }
        if (event.fact() instanceof Fact.ExternalFact fact && fact.type().equals(ACTIVATED)) {
            goOver(fact, event, to);
        } else {
            engine.step(event, to);
        }
    }

    private void goOver(Fact.ExternalFact fact, Event event, Outputs to) {
        String fingerprint = fact.values().get(FINGERPRINT) instanceof Text text ? text.value() : "";
        Compiled next = program(fingerprint);
        if (next == null) {
            LOG.warn("Rules {} of event {} are missing; those before stay", fingerprint, event.sequence());
            engine.step(event, to);
            return;
        }
        engine.load(next.program(), event, to);
        running = next;
        latest = fingerprint;
        helpers.uploads().wanted(next.program());
        keeper.execute(this::keep);
        CompletableFuture<Void> waiting = awaited.remove(fingerprint);
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void failed(Output output) {
        synchronized (lock) {
            outbox.remove(output);
        }
    }

    // ---- programs
    // ------------------------------------------------------------------------------------------------------

    /** Puts a program in force; returns when the engine has gone over to it, or after some seconds. */
    void activate(Compiled next) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long begun = System.nanoTime();
        synchronized (lock) {
            if (next.fingerprint().equals(latest)) {
                return;
            }
            latest = next.fingerprint();
            known.keySet().retainAll(List.of(running.fingerprint(), Compiled.NONE.fingerprint()));
            known.put(next.fingerprint(), next);
            awaited.put(next.fingerprint(), done);
        }
        services.journal().putSnapshotAhead(PROGRAM, next.toBytes());
        services.bus()
                .publish(new Fact.ExternalFact(ACTIVATED, Map.of(FINGERPRINT, new Text(next.fingerprint()))), OWN);
        try {
            done.get(5, TimeUnit.SECONDS);
            LOG.debug("Rules gone over to in {} µs", (System.nanoTime() - begun) / 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("New rules wait: the rule engine is behind");
        }
    }

    // ---- snapshots
    // -----------------------------------------------------------------------------------------------------

    /** Saves the state once the journal has what led to it on disk. */
    private void keep() {
        try {
            StateOutput out = new StateOutput();
            long sequence = save(out);
            if (sequence == kept) {
                return;
            }
            awaitCommitted(sequence);
            if (services.journal().committedSequence() < sequence) {
                return; // the journal is in trouble and says so itself
            }
            services.journal().putSnapshot(ENGINE, new Snapshot(sequence, out.toBytes()));
            services.journal().retain(ENGINE, Math.max(0, kept) + 1);
            kept = sequence;
        } catch (StoreException | RuntimeException e) {
            LOG.error("The state of the rules cannot be kept; a restart will take longer", e);
        }
    }

    /** Returns the number of the last event whose effects it has written; nothing is written if that was kept already. */
    private long save(StateOutput out) {
        boolean before = prompt;
        prompt = false;
        try {
            synchronized (lock) {
                if (handled != kept) {
                    out.small(FORMAT);
                    out.text(running.fingerprint());
                    outbox.save(out);
                    out.small(calling.size());
                    for (Map.Entry<Long, Long> call : calling.entrySet()) {
                        out.number(call.getKey());
                        out.number(call.getValue());
                    }
                    out.block(engine.save());
                    sinceSnapshot = 0;
                }
                return handled;
            }
        } finally {
            prompt = before;
        }
    }

    // ---- looking
    // -------------------------------------------------------------------------------------------------------

    /** Looks at the engine between two events. The function must be quick and call nobody. */
    <T> T look(Function<Engine, T> function) {
        synchronized (lock) {
            return function.apply(engine);
        }
    }

    LastCheck lastCheck() {
        return lastCheck;
    }

    Compiled running() {
        synchronized (lock) {
            return running;
        }
    }

    @Nullable
    Value variable(String name) {
        synchronized (lock) {
            return engine.variable(name);
        }
    }

    long handled() {
        synchronized (lock) {
            return handled;
        }
    }

    /** Outputs that the journal has not told back yet. */
    int unconfirmed() {
        synchronized (lock) {
            return outbox.size();
        }
    }
}
