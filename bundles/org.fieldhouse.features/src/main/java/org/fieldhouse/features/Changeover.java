package org.fieldhouse.features;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.features.lock.Isolated;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the running framework from one lock to another, and back if it must: every operation leaves behind what undoes it. Features
 * thread alone. One object serves one change.
 *
 * <p>Nothing of it is recorded, and nothing needs to be: the bundle cache was declared stale before the first operation, so a start
 * after a power cut makes it anew from the lock in force.
 */
final class Changeover {
    private static final Logger LOG = LoggerFactory.getLogger(Changeover.class);
    /** As for hot swap: long enough for a slow board, short enough for a person who waits. */
    private static final long START_SECONDS = 20;

    private static final long STOP_SECONDS = 20;
    /** Longer than all limits of a hot swap together. */
    private static final long SWAP_SECONDS = 120;

    private static final long REFRESH_SECONDS = 60;

    /** One thing to undo. */
    private interface Undo {
        void run() throws BundleException, IOException, Refusal;
    }

    private final BundleContext context;
    private final Places places;
    private final Defaults defaults;
    private final @Nullable HotSwap swap;
    private final Processes processes;
    private final Probe probe;
    private final Consumer<Progress> progress;
    private final Deque<Undo> undo = new ArrayDeque<>();
    /** Are there again and not started yet: what they need may be among what still has to come back. */
    private final List<Bundle> back = new ArrayList<>();

    private final List<Bundle> fresh = new ArrayList<>();

    private final List<Bundle> stale = new ArrayList<>();

    Changeover(
            BundleContext context,
            Places places,
            Engine.Surroundings surroundings,
            Probe probe,
            Consumer<Progress> progress) {
        this.context = context;
        this.places = places;
        this.defaults = surroundings.defaults();
        this.swap = surroundings.swap();
        this.processes = new Processes(places, surroundings);
        this.probe = probe;
        this.progress = progress;
    }

    /** Bundles that were installed or updated. */
    List<Bundle> fresh() {
        return fresh;
    }

    /** What there is of a symbolic name; what is stuck counts as gone. */
    Optional<Bundle> bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getBundleId() != Constants.SYSTEM_BUNDLE_ID
                        && name.equals(b.getSymbolicName())
                        && !isStuck(b))
                .findFirst();
    }

    /**
     * Whether its activator neither returns nor heeds an interrupt: it holds its lock for ever, and so does the thread wait that touches it.
     * Nobody but this service and hot swap starts and stops bundles, each for a time that ends, so between changes there is no other reason.
     */
    static boolean isStuck(Bundle bundle) {
        return bundle.getState() == Bundle.STOPPING
                || bundle.getState() == Bundle.STARTING
                        && !String.valueOf(bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY))
                                .startsWith(Constants.ACTIVATION_LAZY);
    }

    /** Bundles of the first lock that the second has in another content. */
    static List<Pin[]> updates(Lock from, Lock to) {
        List<Pin[]> updates = new ArrayList<>();
        for (Pin old : from.bundles()) {
            to.bundle(old.name())
                    .filter(next -> !next.sha256().equals(old.sha256()))
                    .ifPresent(next -> updates.add(new Pin[] {old, next}));
        }
        return updates;
    }

    /** Bundles of the first lock that the second does not have. */
    static List<Pin> missing(Lock from, Lock in) {
        return from.bundles().stream()
                .filter(p -> in.bundle(p.name()).isEmpty())
                .toList();
    }

    /** Until everything is started. */
    void make(Lock from, Lock to) throws Refusal {
        try {
            List<Pin[]> swaps = new ArrayList<>();
            for (Pin pin : missing(to, from)) {
                install(pin);
            }
            for (Pin[] update : updates(from, to)) {
                Bundle bundle = bundle(update[0].name()).orElse(null);
                if (bundle == null) {
                    install(update[1]);
                } else if (swap != null && isBinding(bundle)) {
                    swaps.add(update);
                } else {
                    update(bundle, update[0], update[1]);
                }
            }
            for (Isolated ended : Processes.ending(from, to)) {
                end(ended, from);
            }
            for (List<Pin> level :
                    levels(missing(from, to), Pin::level).descendingMap().values()) {
                remove(level);
            }
            refresh(stale);
            configure(from, to);
            resolve();
            for (List<Bundle> level : levels(fresh, Changeover::level).values()) {
                start(level);
            }
            for (Pin[] pins : swaps) {
                swap(pins[0], pins[1]);
            }
            for (Isolated started : Processes.starting(from, to)) {
                run(started, from, to);
            }
        } catch (IOException e) {
            throw new Refusal("F002", "the change", "a file cannot be read: " + e.getMessage(), "");
        }
    }

    /** Everything as it was. What cannot be put back is logged; the next start makes all of it anew. */
    boolean unmake() {
        boolean whole = true;
        stale.clear();
        while (!undo.isEmpty()) {
            probe.at("undo");
            try {
                undo.pop().run();
            } catch (BundleException | IOException | Refusal | RuntimeException e) {
                LOG.error("A change could not be undone; a restart puts it right", e);
                whole = false;
            }
        }
        return beginBack() && whole;
    }

    /** Starts what came back, when all that it needs is there. */
    private boolean beginBack() {
        boolean whole = true;
        back.sort(Comparator.comparingInt(Changeover::level));
        for (Bundle bundle : back) {
            try {
                begin(bundle);
            } catch (BundleException | RuntimeException e) {
                LOG.error("What was there does not start again; a restart puts it right", e);
                whole = false;
            }
        }
        back.clear();
        return whole;
    }

    /** The jar is used where it lies. */
    static String location(Pin pin, Places places) {
        return "reference:" + pin.jar(places).toUri();
    }

    private void install(Pin pin) throws Refusal {
        say(Stage.INSTALL, pin.name());
        probe.at("install " + pin.name());
        try {
            Bundle bundle = context.installBundle(location(pin, places));
            if (isStuck(bundle)) {
                throw new Refusal(
                        "F008",
                        pin.name(),
                        "is still in its start, which never returns",
                        "it is gone at the next start");
            }
            undo.push(() -> {
                halt(bundle);
                bundle.uninstall();
                refresh(List.of(bundle));
            });
            bundle.adapt(BundleStartLevel.class).setStartLevel(pin.level());
            fresh.add(bundle);
        } catch (BundleException e) {
            throw new Refusal("F008", pin.name(), "cannot be installed: " + e.getMessage(), "");
        }
    }

    private void update(Bundle bundle, Pin old, Pin next) throws Refusal, IOException {
        say(Stage.INSTALL, next.name());
        probe.at("update " + next.name());
        undo.push(() -> {
            if (isStuck(bundle)) {
                beside(old);
                return;
            }
            halt(bundle);
            exchange(bundle, old);
            refresh(List.of(bundle));
            back.add(bundle);
        });
        try {
            halt(bundle);
            exchange(bundle, next);
        } catch (BundleException e) {
            throw new Refusal("F008", next.name(), "cannot be updated: " + e.getMessage(), "");
        }
        stale.add(bundle);
        fresh.add(bundle);
    }

    /** What was there, beside a version of it that is stuck: the next start makes one of them. */
    private void beside(Pin old) throws BundleException, IOException {
        try (InputStream jar = new BufferedInputStream(Files.newInputStream(old.jar(places)))) {
            Bundle again = context.installBundle("fieldhouse-back:" + old.name() + ':' + System.nanoTime(), jar);
            again.adapt(BundleStartLevel.class).setStartLevel(old.level());
            back.add(again);
        }
    }

    private void exchange(Bundle bundle, Pin pin) throws BundleException, IOException {
        try (InputStream jar = new BufferedInputStream(Files.newInputStream(pin.jar(places)))) {
            bundle.update(jar);
        }
        bundle.adapt(BundleStartLevel.class).setStartLevel(pin.level());
    }

    private static int level(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel();
    }

    /** By start level, otherwise in the order in which they are. */
    private static <T> TreeMap<Integer, List<T>> levels(Collection<T> all, ToIntFunction<T> level) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        level::applyAsInt, TreeMap::new, Collectors.toCollection(ArrayList::new)));
    }

    /** Those of one start level. */
    private void remove(List<Pin> pins) throws Refusal {
        List<Bundle> bundles = new ArrayList<>();
        for (Pin pin : pins) {
            Bundle bundle = bundle(pin.name()).orElse(null);
            if (bundle != null) {
                bundles.add(0, bundle);
                undo.push(() -> comeBack(pin));
            }
        }
        Map<Bundle, String> failures = new SideBySide(STOP_SECONDS, Changeover::stop).all(bundles, bundle -> {
            say(Stage.INSTALL, bundle.getSymbolicName());
            probe.at("remove " + bundle.getSymbolicName());
        });
        refuse(bundles, failures, "cannot be removed, as it does not stop: ");
        for (Bundle bundle : bundles) {
            probe.at("uninstall " + bundle.getSymbolicName());
            try {
                bundle.uninstall();
            } catch (BundleException e) {
                throw new Refusal("F008", bundle.getSymbolicName(), "cannot be removed: " + e.getMessage(), "");
            }
            stale.add(bundle);
        }
    }

    private void comeBack(Pin pin) throws BundleException {
        Bundle again = bundle(pin.name()).orElse(null);
        if (again == null) {
            again = context.installBundle(location(pin, places));
            if (!isStuck(again)) {
                again.adapt(BundleStartLevel.class).setStartLevel(pin.level());
            }
        }
        back.add(again);
    }

    /** Says all that failed, in the order in which they are. */
    private static void refuse(List<Bundle> bundles, Map<Bundle, String> failures, String what) throws Refusal {
        List<Reason> reasons = bundles.stream()
                .filter(failures::containsKey)
                .map(b -> new Reason("F008", b.getSymbolicName(), what + failures.get(b), ""))
                .toList();
        if (!reasons.isEmpty()) {
            throw new Refusal(reasons);
        }
    }

    private void resolve() throws Refusal {
        probe.at("resolve");
        FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        if (!fresh.isEmpty() && !wiring.resolveBundles(fresh)) {
            for (Bundle bundle : fresh) {
                if (bundle.getState() == Bundle.INSTALLED) {
                    throw new Refusal("F005", bundle.getSymbolicName(), "cannot be resolved: " + why(bundle), "");
                }
            }
        }
    }

    /** The framework says why only when it is told to start. */
    private static String why(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "unknown";
        } catch (BundleException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void configure(Lock from, Lock to) throws IOException {
        if (from.configs().equals(to.configs())) {
            return;
        }
        Map<String, Hashtable<String, Object>> before = defaults.of(from.configs());
        Map<String, Hashtable<String, Object>> after = defaults.of(to.configs());
        Map<String, Hashtable<String, Object>> wanted = new LinkedHashMap<>(after);
        before.keySet().forEach(pid -> wanted.putIfAbsent(pid, new Hashtable<>()));
        for (String pid : wanted.keySet()) {
            Hashtable<String, Object> values = after.get(pid);
            if (Defaults.same(before.get(pid), values)) {
                continue;
            }
            say(Stage.INSTALL, pid);
            probe.at("configure " + pid);
            Dictionary<String, Object> old = defaults.get(pid);
            undo.push(() -> defaults.set(pid, old));
            defaults.set(pid, values);
        }
    }

    /** Those of one start level. */
    private void start(List<Bundle> bundles) throws Refusal {
        Map<Bundle, String> failures = new SideBySide(START_SECONDS, Changeover::startOnTrial).all(bundles, bundle -> {
            say(Stage.START, bundle.getSymbolicName());
            probe.at("start " + bundle.getSymbolicName());
        });
        refuse(bundles, failures, "does not start: ");
    }

    private static void startOnTrial(Bundle bundle) throws BundleException {
        if (!isFragment(bundle)) {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            // From now on it starts with the house; until now it was on trial, which the health check respects.
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
    }

    private void swap(Pin old, Pin next) throws Refusal {
        say(Stage.START, next.name());
        probe.at("swap " + next.name());
        exchangeHot(next);
        undo.push(() -> exchangeHot(old));
        fresh.add(bundle(next.name()).orElseThrow());
    }

    /** Its bundle may be another one afterwards. */
    private void exchangeHot(Pin next) throws Refusal {
        Bundle bundle = bundle(next.name()).orElseThrow();
        HotSwap service = Objects.requireNonNull(swap);
        try {
            Swap result = service.replace(bundle.getBundleId(), next.jar(places))
                    .toCompletableFuture()
                    .get(SWAP_SECONDS, TimeUnit.SECONDS);
            if (result.outcome() != Swap.Outcome.REPLACED) {
                throw new Refusal("F009", next.name(), result.reason(), "");
            }
        } catch (ExecutionException e) {
            throw new Refusal("F008", next.name(), "cannot be swapped: " + e.getCause(), "");
        } catch (TimeoutException e) {
            throw new Refusal("F008", next.name(), "is not swapped after " + SWAP_SECONDS + " s", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("F008", next.name(), "interrupted", "");
        }
    }

    private void run(Isolated started, Lock from, Lock to) throws Refusal {
        say(Stage.START, "process of " + started.feature());
        probe.at("run " + started.feature());
        Optional<Isolated> before = from.isolated(started.feature());
        processes.run(started, to);
        undo.push(() -> {
            beginBack();
            if (before.isPresent()) {
                processes.run(before.get(), from);
            } else {
                processes.end(started);
            }
        });
    }

    private void end(Isolated ended, Lock from) throws Refusal {
        say(Stage.INSTALL, "process of " + ended.feature());
        probe.at("end " + ended.feature());
        undo.push(() -> {
            beginBack();
            processes.run(ended, from);
        });
        processes.end(ended);
    }

    private static void halt(Bundle bundle) throws BundleException {
        String failure = SideBySide.one(bundle, STOP_SECONDS, Changeover::stop);
        if (failure != null) {
            throw new BundleException(bundle + " does not stop: " + failure);
        }
    }

    /** Not transiently: whoever sets the start level of a bundle that is to start with the house starts it, on a thread of the framework. */
    private static void stop(Bundle bundle) throws BundleException {
        if (isStuck(bundle)) {
            throw new BundleException("it never returns from its activator, and stays until the next start");
        }
        if (!isFragment(bundle)) {
            bundle.stop();
        }
    }

    private static void begin(Bundle bundle) throws BundleException {
        if (isFragment(bundle) || isStuck(bundle)) {
            return;
        }
        String failure = SideBySide.one(bundle, START_SECONDS, b -> b.start(Bundle.START_ACTIVATION_POLICY));
        if (failure != null) {
            throw new BundleException(bundle + " does not start: " + failure);
        }
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** Those of processes come back with their processes, for which a hot swap does not wait. */
    private static boolean isBinding(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        return references != null
                && Arrays.stream(references)
                        .filter(r -> r.getProperty("fieldhouse.isolated") == null)
                        .anyMatch(r -> Arrays.asList((String[]) r.getProperty(Constants.OBJECTCLASS))
                                .contains(HealthGate.BINDING));
    }

    private void refresh(Collection<Bundle> bundles) throws Refusal {
        if (bundles.isEmpty()) {
            return;
        }
        probe.at("refresh");
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .refreshBundles(bundles, event -> {
                    if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                        done.complete(null);
                    }
                });
        try {
            done.get(REFRESH_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("F008", "the framework", "interrupted", "");
        } catch (ExecutionException | TimeoutException e) {
            throw new Refusal("F008", "the framework", "has not rewired its bundles in " + REFRESH_SECONDS + " s", "");
        }
    }

    private void say(Stage stage, String subject) {
        progress.accept(new Progress(stage, subject, 0, 1));
    }
}
