package org.fieldhouse.features;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.features.lock.FeatureList;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changes, one after the other: everything that happens to a lock happens here. Features thread alone, but for the lock. */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** What the engine needs of the container; asked anew for every change, since all of it may be replaced. */
    interface Surroundings {
        Generations generations() throws Refusal;

        Defaults defaults();

        HealthGate gate();

        Vetter vetter();

        @Nullable
        HotSwap swap();

        /** Waits for it, as it may just have been installed. */
        Isolation isolation() throws Refusal;

        /** Tells the auditor; without a bus, nobody. */
        void audit(Fact.AuditRecorded fact, Cue cue);

        List<Repository> repositories();

        Trial trial();

        /** Which features are tried before they are let in. */
        Trials.Whom tried();
    }

    private final BundleContext context;
    private final Places places;
    private final Surroundings surroundings;
    private final Probe probe;
    private final Store store;
    private final Attempts attempts;
    private volatile Lock current;
    /** Number of the generation that the last change made. */
    private long inForce;
    /** What runs; differs from the lock in force when that waits for a restart. */
    private volatile Lock running;
    /** What is being put in, and has been vetted. */
    private volatile Lock coming = Lock.EMPTY;
    /** The thread that puts it in. */
    private volatile @Nullable Thread changing;

    Engine(BundleContext context, Places places, Lock booted, Surroundings surroundings, Probe probe) {
        this.context = context;
        this.places = places;
        this.surroundings = surroundings;
        this.probe = probe;
        this.store = new Store(places.store(), probe);
        this.attempts = new Attempts(places.data().resolve("features/begun"));
        this.current = booted;
        this.running = booted;
    }

    /** Any thread. */
    Lock lock() {
        return current;
    }

    /** Whether a bundle's content is in a lock that was vetted. Any thread. */
    boolean knows(String sha256) {
        return Stream.of(current, running, coming)
                .flatMap(lock -> lock.bundles().stream())
                .anyMatch(pin -> pin.sha256().equals(sha256));
    }

    /**
     * Whether it is this thread that is putting in a bundle of this location, from a jar that was hashed and vetted for that. Any thread:
     * another one could give the location any content.
     */
    boolean isComing(String location) {
        return Thread.currentThread() == changing
                && coming.bundles().stream().anyMatch(pin -> location.equals(Changeover.location(pin, places)));
    }

    /** What runs. Features thread. */
    Lock running() {
        return running;
    }

    Plan plan(Change change) {
        try {
            return planner(progress -> {}).prepare(change, label(change)).plan();
        } catch (Refusal e) {
            return new Plan(List.of(), List.of(), e.reasons, false);
        }
    }

    private Planner planner(Consumer<Progress> progress) {
        return new Planner(context, places, surroundings, store, current, running, progress);
    }

    static String label(Change change) {
        return change instanceof Change.Install install ? install.source().description() : "";
    }

    Result apply(Change change, String label, Cue cue, Consumer<Progress> progress) {
        return apply(change, label, "", cue, progress);
    }

    /** @param state what its file is like, if it will be tried again for as long as that is there, else empty */
    Result apply(Change change, String label, String state, Cue cue, Consumer<Progress> progress) {
        String what = words(change, label);
        attempts.begin(what, state);
        Result result = attempt(change, label, cue, progress);
        attempts.end(what);
        return result;
    }

    /** How often the house ended while a file that was like this was being installed. Features thread. */
    int ended(Change.Install install, String label, String state) {
        return attempts.ended(words(install, label), state);
    }

    /** Says during what the house ended before this start. Features thread. */
    void tellOfEnds() {
        attempts.tell((what, times) -> {
            String detail = "the house ended while this was being done" + (times > 1 ? ", " + times + " times" : "")
                    + "; everything is as it was";
            LOG.warn("{}: {}", what, detail);
            surroundings.audit(new Fact.AuditRecorded("feature.refused", what, detail), Cue.NONE);
        });
    }

    private Result attempt(Change change, String label, Cue cue, Consumer<Progress> progress) {
        long begin = System.nanoTime();
        inForce = 0;
        Plan plan = new Plan(List.of(), List.of(), List.of(), false);
        List<Reason> reasons;
        try {
            Planner.Target target = planner(progress).prepare(change, label);
            plan = target.plan();
            reasons = plan.reasons();
            if (reasons.isEmpty() && !plan.steps().isEmpty()) {
                plan = plan.with(new Trials(places, surroundings, progress).run(target.suspects(), target.next()));
                carryOut(target, cue, progress);
            }
        } catch (Refusal e) {
            reasons = e.reasons;
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A change stumbled", e);
            reasons = List.of(new Reason("F000", label, "internal error: " + e, "the log has the rest"));
        }
        Result result = new Result(
                reasons.isEmpty(),
                plan,
                reasons,
                inForce > 0 ? inForce : number(),
                Duration.ofNanos(System.nanoTime() - begin));
        report(change, label, cue, result);
        return result;
    }

    private void report(Change change, String label, Cue cue, Result result) {
        String what = words(change, label);
        String who = cue.actor().isEmpty() ? "" : " for " + cue.actor();
        if (!result.done()) {
            LOG.warn("{}{} was refused, everything is as it was: {}", what, who, result.reasons());
            audit("feature.refused", what, result.reasons(), cue);
        } else if (!result.plan().steps().isEmpty()) {
            LOG.info(
                    "{}{}: {}; generation {}, {} ms",
                    what,
                    who,
                    result.plan().steps(),
                    result.generation(),
                    result.took().toMillis());
            audit("feature.changed", what, result.plan().steps(), cue);
        }
    }

    /** For log and audit: {@code remove acme}. */
    private static String words(Change change, String label) {
        if (change instanceof Change.Update update) {
            return ("update " + update.feature() + ' ' + update.versions()).strip();
        } else if (change instanceof Change.Remove remove) {
            return "remove " + remove.feature();
        } else if (change instanceof Change.RollBack back) {
            return "go back to generation " + back.generation();
        } else if (change instanceof Change.Isolate isolate) {
            return "isolate " + (isolate.isolated() ? "" : "--off ") + isolate.feature();
        }
        return "install " + label;
    }

    private void audit(String action, String what, List<?> details, Cue cue) {
        String detail = details.stream().map(String::valueOf).collect(Collectors.joining("; "));
        surroundings.audit(new Fact.AuditRecorded(action, what, detail), cue);
    }

    private long number() {
        try {
            return surroundings.generations().kept().stream()
                    .mapToLong(Generations.Kept::number)
                    .findFirst()
                    .orElse(0);
        } catch (Refusal e) {
            return 0;
        }
    }

    List<Finding> inspect(String name) throws Refusal, IOException {
        Lock.Entry entry = Planner.installed(current, name);
        List<Finding> findings = new ArrayList<>();
        Vetter vetter = surroundings.vetter();
        Artefacts artefacts = new Artefacts(places);
        FeatureList list = entry.list(places);
        if (!list.isBundle()) {
            findings.addAll(vetter.vet(artefacts.of(entry, null)));
        }
        for (Pin pin : list.bundles()) {
            findings.addAll(vetter.vet(artefacts.of(pin, entry, null)));
        }
        return findings;
    }

    // ---- the change itself

    private void carryOut(Planner.Target target, Cue cue, Consumer<Progress> progress) throws Refusal {
        surroundings.generations();
        coming = target.next();
        changing = Thread.currentThread();
        Changeover changeover = new Changeover(context, places, surroundings, probe, progress);
        try {
            // From here on the bundle cache is not what a lock says; a start makes it anew from the lock in force.
            store.forget(places.stamp());
            if (!target.plan().restart()) {
                HealthGate gate = surroundings.gate();
                changeover.make(running, target.next());
                progress.accept(new Progress(Stage.CHECK, "health", 0, 1));
                probe.at("check");
                gate.pass(changeover.fresh());
            }
            progress.accept(new Progress(Stage.COMMIT, "generation", 0, 1));
            probe.at("commit");
            commit(target, cue);
        } catch (IOException e) {
            undo(changeover, progress);
            throw new Refusal("F010", "the generation", "cannot be recorded: " + e.getMessage(), "is the disk full?");
        } catch (Refusal | RuntimeException | LinkageError e) {
            undo(changeover, progress);
            throw e;
        }
        current = target.next();
        if (!target.plan().restart()) {
            running = target.next();
        }
        coming = Lock.EMPTY;
        changing = null;
        probe.at("committed");
    }

    private void undo(Changeover changeover, Consumer<Progress> progress) {
        progress.accept(new Progress(Stage.ROLL_BACK, "everything", 0, 1));
        changeover.unmake();
        coming = Lock.EMPTY;
        changing = null;
    }

    private void commit(Planner.Target target, Cue cue) throws IOException, Refusal {
        // The runtime itself may have been replaced meanwhile.
        Generations generations = surroundings.generations();
        SourceFile lock = new SourceFile(Places.LOCK, target.next().toString());
        if (target.restored() == 0) {
            inForce = generations.pin(lock, cue);
            return;
        }
        List<Reason> wrong = generations.restore(target.restored(), lock, cue).stream()
                .filter(Problem::isError)
                .map(p -> new Reason("F014", p.place().toString(), p.message(), ""))
                .toList();
        if (!wrong.isEmpty()) {
            throw new Refusal(wrong);
        }
        inForce = number();
    }

    /** What runs is not what the lock says any more: the next start makes the cache anew. Any thread. */
    void forgetCache() {
        try {
            store.forget(places.stamp());
        } catch (IOException e) {
            LOG.error("What was not let in may be there at the next start: {}", e.getMessage());
        }
    }

    /** Makes the lock that was booted the one in force, if it is not. */
    void pinBooted(Generations generations) {
        try {
            generations.pin(new SourceFile(Places.LOCK, current.toString()), Cue.NONE);
        } catch (IOException e) {
            LOG.error("What is installed cannot be recorded: {}", e.getMessage());
        }
    }

    /** What no kept generation needs goes. Nobody need wait for it. */
    void sweep() {
        try {
            Set<String> needed = new HashSet<>();
            need(current, needed);
            Generations generations = surroundings.generations();
            for (Generations.Kept kept : generations.kept()) {
                if (kept.changed().contains(Places.LOCK)) {
                    for (SourceFile file : generations.files(kept.number())) {
                        if (file.path().equals(Places.LOCK)) {
                            need(Lock.parse(file.text()), needed);
                        }
                    }
                }
            }
            store.sweep(needed);
        } catch (IOException | Refusal | RuntimeException e) {
            LOG.warn("The store of features is not tidied: {}", e.toString());
        }
    }

    private static void need(Lock lock, Set<String> needed) {
        lock.features().forEach(e -> {
            needed.add(e.list());
            needed.add(e.artefact());
        });
        lock.everyBundle().forEach(b -> needed.add(b.sha256()));
        lock.configs().forEach(c -> needed.add(c.sha256()));
    }
}
