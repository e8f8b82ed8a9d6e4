package org.fieldhouse.runtime.host;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.Status.Condition;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.command.CommandCentre;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.fieldhouse.runtime.config.DidYouMean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All devices of the house and the bindings that make them. It decides nothing about a single device (that does
 * {@link HostedDevice}); it knows who there is, and wakes whom a change concerns. Thread-safe. Long, because it is the one place
 * where configuration, bindings, devices and readers meet; each of them has a section.
 */
public final class DeviceHost implements AutoCloseable {
    /** Nobody reads a setting. */
    public static final String MISSPELT = "C021";

    private static final Logger LOG = LoggerFactory.getLogger(DeviceHost.class);
    /** Openings that may block at once; the other half of the lane threads stays free for commands. */
    private static final int OPENINGS = 32;
    /** How long bundles may take to come up before a missing binding is called missing. */
    private static final Duration START_GRACE = Duration.ofSeconds(10);

    private static final Duration WATCH = Duration.ofSeconds(1);
    /** How long an opening may go on, interrupted, whose version of the binding has left. */
    private static final Duration LEFT_LIMIT = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);
    private static final Duration QUIESCE_LIMIT = Duration.ofSeconds(1);

    /**
     * @param update how long commands wait while a binding is replaced
     * @param open after which an opening is given up
     * @param task after which a command or timer is given up
     */
    public record Limits(Duration update, Duration open, Duration task) {
        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    private final Ingress ingress;
    private final Clock clock;
    private final Limits limits;
    private final LanePool pool = LanePool.standard();
    private final Timers timers = new Timers();
    private final Rehearsal rehearsal = new Rehearsal();
    private final OpenGate gate = new OpenGate(OPENINGS);
    private final CommandCentre commands;
    private final Discovery discovery;
    private final Finders finders;
    private final Map<DeviceId, HostedDevice> devices = new ConcurrentHashMap<>();
    private final Map<DeviceId, Set<DeviceId>> children = new ConcurrentHashMap<>();
    private final Map<String, List<Binding>> bindings = new ConcurrentHashMap<>();
    /** Bindings that left, or are leaving, and may come back: their devices leave something behind. */
    private final Set<Binding> returning = ConcurrentHashMap.newKeySet();
    /** Bindings of processes: their bundle stays when they leave, so no update of it is watched. */
    private final Set<Binding> isolated = ConcurrentHashMap.newKeySet();
    /** When a binding left, by {@link System#nanoTime}. */
    private final Map<String, Long> left = new ConcurrentHashMap<>();
    /** Bindings that were not up yet when a device of theirs was, and are looked for again when the grace is over. */
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    private final Map<DeviceId, List<Problem>> problems = new ConcurrentHashMap<>();
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final Map<DeviceId, Long> malformedLogged = new ConcurrentHashMap<>();
    private final Map<DeviceId, DeviceDescription> remembered = new ConcurrentHashMap<>();
    private final Map<DeviceId, String> rememberedNames = new ConcurrentHashMap<>();
    private final long startedNanos = System.nanoTime();
    private final Object modelLock = new Object();
    private final AtomicLong modelVersion = new AtomicLong();
    private volatile Built built = new Built(0, HouseModel.EMPTY);
    private volatile List<DeviceId> order = List.of();
    private volatile Function<String, Optional<Secret>> secrets = name -> Optional.empty();
    private volatile Consumer<Map<DeviceId, List<Candidate>>> adopter = found -> {};
    private volatile Runnable modelListener = () -> {};
    private volatile SwapListener swaps = SwapListener.NONE;
    private volatile boolean stopping;

    /** @param ids numbers for commands, never used before, increasing */
    public DeviceHost(Ingress ingress, Clock clock, LongSupplier ids, Limits limits, CommandCentre.Times times) {
        this.ingress = ingress;
        this.clock = clock;
        this.limits = limits;
        this.commands = new CommandCentre(ingress, ids, timers, times);
        this.discovery = new Discovery(ingress, timers, devices::get, found -> adopter.accept(found));
        this.finders = new Finders(
                timers,
                discovery,
                values -> new Settings(values, key -> SourceSpan.file("(finder)"), name -> secrets.apply(name)));
        timers.after(WATCH, this::watch);
    }

    // ---- from the configuration directory

    /** Where secrets come from, who adopts candidates, and whom to tell that the model is another. Before {@link #apply}. */
    public void connect(
            Function<String, Optional<Secret>> newSecrets,
            Consumer<Map<DeviceId, List<Candidate>>> newAdopter,
            Runnable newModelListener) {
        secrets = newSecrets;
        adopter = newAdopter;
        modelListener = newModelListener;
    }

    /** The model that the house will have with these devices. */
    public HouseModel preview(Collection<Placed> placed) {
        List<DeviceInfo> infos = new ArrayList<>(placed.size());
        for (Placed p : placed) {
            DeviceEntry e = p.entry();
            HostedDevice known = devices.get(e.id());
            DeviceDescription description =
                    known != null && known.entry().binding().equals(e.binding())
                            ? known.info().description()
                            : remembered.getOrDefault(e.id(), DeviceDescription.EMPTY);
            Status status = known == null ? Status.CONNECTING : known.info().status();
            infos.add(
                    new DeviceInfo(e.id(), e.name(), e.binding(), p.bridge(), e.area(), e.tags(), description, status));
        }
        return new HouseModel(infos);
    }

    /** Makes these the devices of the house. Called by one thread at a time, after {@link #preview} took them. */
    public void apply(Collection<Placed> placed) {
        Set<DeviceId> wanted = new HashSet<>();
        Map<DeviceId, Set<DeviceId>> newChildren = new HashMap<>();
        List<DeviceId> newOrder = new ArrayList<>(placed.size());
        for (Placed p : placed) {
            wanted.add(p.entry().id());
            newOrder.add(p.entry().id());
            if (p.bridge() != null) {
                newChildren
                        .computeIfAbsent(p.bridge(), b -> new HashSet<>())
                        .add(p.entry().id());
            }
        }
        for (HostedDevice device : List.copyOf(devices.values())) {
            if (!wanted.contains(device.id())) {
                device.remove();
            }
        }
        children.keySet().retainAll(newChildren.keySet());
        children.putAll(newChildren);
        order = newOrder;
        List<HostedDevice> added = new ArrayList<>();
        for (Placed p : placed) {
            HostedDevice known = devices.get(p.entry().id());
            if (known == null || known.isRemoved()) {
                added.add(add(p));
            } else {
                change(known, p);
            }
        }
        forgetOthers(wanted);
        plantChanged();
        added.forEach(HostedDevice::poke);
        if (added.stream().anyMatch(d -> d.entry().adoptAll())) {
            discovery.gather();
        }
        finders.begin();
    }

    private HostedDevice add(Placed p) {
        DeviceEntry entry = p.entry();
        DeviceDescription known = remembered.getOrDefault(entry.id(), DeviceDescription.EMPTY);
        HostedDevice device = new HostedDevice(this, entry, p.bridge(), known);
        devices.put(entry.id(), device);
        String before = rememberedNames.put(entry.id(), entry.name());
        modelChanged(); // before it is told, here and below: who hears of it may look at once
        if (before == null) {
            device.mailbox().publish(new Fact.DeviceAdded(entry.id(), entry.name()), configured());
        } else if (!before.equals(entry.name())) {
            device.mailbox().publish(new Fact.DeviceRenamed(entry.id(), before, entry.name()), configured());
        }
        commands.add(device);
        discovery.accepted(entry.id());
        return device;
    }

    private void change(HostedDevice device, Placed p) {
        DeviceEntry before = device.entry();
        if (before.sameAs(p.entry()) && java.util.Objects.equals(device.bridge(), p.bridge())) {
            device.change(p.entry(), p.bridge());
            return;
        }
        device.change(p.entry(), p.bridge());
        modelChanged();
        if (!before.name().equals(p.entry().name())) {
            rememberedNames.put(device.id(), p.entry().name());
            device.mailbox()
                    .publish(
                            new Fact.DeviceRenamed(
                                    device.id(), before.name(), p.entry().name()),
                            configured());
        }
        if (p.entry().adoptAll() && !before.adoptAll()) {
            discovery.gather();
        }
    }

    private static Cause configured() {
        return new Cause(0, Cause.Origin.CONFIGURATION, "devices", null);
    }

    /** Called by a device that has closed because it was removed or because the host stops. */
    void closed(HostedDevice device, boolean removed) {
        if (removed && devices.remove(device.id(), device)) {
            commands.remove(device.id());
            problems.remove(device.id());
            remembered.remove(device.id());
            rememberedNames.remove(device.id());
            modelChanged();
            device.mailbox()
                    .publish(new Fact.DeviceRemoved(device.id(), device.info().name()), configured());
        }
    }

    /** Whether devices of a binding can be opened. */
    public boolean hasBinding(String id) {
        return binding(id) != null;
    }

    /** What a binding says of an entry without opening anything. */
    public List<Problem> tryOut(Placed placed) {
        DeviceEntry entry = placed.entry();
        Binding binding = binding(entry.binding());
        if (binding == null) {
            String hint = DidYouMean.hint(entry.binding(), bindings.keySet());
            return List.of(Problem.warning(
                    "C022", entry.placeOf("binding"), "no binding '" + entry.binding() + "' is installed" + hint));
        }
        if (!binding.types().contains(entry.type())) {
            return List.of(Problem.error("C023", entry.placeOf("type"), unknownType(binding, entry.type())));
        }
        try {
            Settings settings = new Settings(entry.settings(), entry.places(), this::secret);
            binding.create(new DeviceConfig(entry.id(), entry.name(), entry.type(), placed.bridge(), settings));
            return misspelt(entry, settings);
        } catch (SettingsException e) {
            return List.of(Problem.error("C020", e.place(), String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            LOG.error("{}: create let an exception through", entry.id(), e);
            return List.of(Problem.error("C020", entry.place(), HostedDevice.threw(e)));
        }
    }

    /** Something outside the entries changed (a secret): devices with a fault are tried again. */
    public void retryFaults() {
        devices.values().forEach(HostedDevice::retryFault);
    }

    // ---- bindings come and go

    /** As {@link #add}, for one that another process serves. */
    public void addIsolated(Binding binding) {
        isolated.add(binding);
        add(binding);
    }

    /** A binding is there. Devices that waited for it are opened; if it replaces another of its id, they change over. */
    public void add(Binding binding) {
        Binding before = binding(binding.id());
        if (before != null) {
            String refusal = rehearsal.make(binding, users(before));
            if (refusal != null) {
                LOG.warn("Binding {} of another version is not let in: {}", binding.id(), refusal);
                bindings.merge(binding.id(), List.of(binding), (all, one) -> newestFirst(one, all));
                swaps.refused(binding, refusal);
                return;
            }
            LOG.debug("Binding {}: its devices leave", binding.id());
            hold(before);
            LOG.debug("Binding {}: its devices are at rest", binding.id());
        }
        bindings.merge(binding.id(), List.of(binding), DeviceHost::newestFirst);
        swaps.arrived(binding);
        left.remove(binding.id());
        LOG.info("Binding {} is there: {}", binding.id(), binding.types());
        pokeUsers(binding.id());
    }

    private static List<Binding> newestFirst(List<Binding> before, List<Binding> one) {
        List<Binding> out = new ArrayList<>(one);
        out.addAll(before);
        return List.copyOf(out);
    }

    /** A binding goes. Returns when all its devices are closed, or after some seconds. */
    public void remove(Binding binding) {
        if (binding(binding.id()) == binding && !stopping) {
            hold(binding);
        }
        bindings.computeIfPresent(binding.id(), (id, all) -> {
            List<Binding> rest = all.stream().filter(b -> b != binding).toList();
            return rest.isEmpty() ? null : rest;
        });
        if (!bindings.containsKey(binding.id())) {
            String id = binding.id(); // the timer must not keep the binding
            left.put(id, System.nanoTime());
            timers.after(limits.update.plusMillis(100), () -> pokeUsers(id));
        }
        LOG.info("Binding {} is gone", binding.id());
        pokeUsers(binding.id());
        await(() -> devices.values().stream().noneMatch(d -> d.isOpenWith(binding)));
        returning.remove(binding);
        rehearsal.forget(binding);
        isolated.remove(binding);
        pokeUsers(binding.id());
    }

    /** Who wants to know of bindings that come and go. */
    public void watch(SwapListener listener) {
        swaps = listener;
    }

    private List<HostedDevice> users(Binding binding) {
        return devices.values().stream().filter(d -> d.isOpenWith(binding)).toList();
    }

    /** Brings the devices of a binding to rest while all of them are open; commands wait from here on. */
    private void hold(Binding binding) {
        List<HostedDevice> open = users(binding);
        Set<DeviceId> online = new HashSet<>();
        for (HostedDevice device : open) {
            if (device.info().status().isOnline()) {
                online.add(device.id());
            }
        }
        boolean mayReturn = isolated.contains(binding) || swaps.leaving(binding, online);
        if (!mayReturn || open.isEmpty()) {
            return;
        }
        returning.add(binding);
        CountDownLatch quiet = new CountDownLatch(open.size());
        open.forEach(device -> device.quiesce(quiet::countDown));
        try {
            if (!quiet.await(QUIESCE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Binding {}: {} devices do not come to rest; going on", binding.id(), quiet.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether that binding, or its next version, may come back. */
    boolean returns(Binding binding) {
        return returning.contains(binding);
    }

    /**
     * Those of these devices that are in the house and not online with the binding that is in force, with their status; first those that are in
     * the middle of their opening, for which others may wait.
     */
    public Map<DeviceId, Status> notOnline(Set<DeviceId> ids) {
        Map<DeviceId, Status> out = new LinkedHashMap<>();
        for (DeviceId id : ids) {
            HostedDevice device = devices.get(id);
            if (device != null && device.isOpening() && !device.isRemoved()) {
                out.put(id, new Status(Condition.UPDATING, "its open or takeOver has not returned"));
            }
        }
        for (DeviceId id : ids) {
            HostedDevice device = devices.get(id);
            if (device == null || device.isRemoved() || out.containsKey(id)) {
                continue;
            }
            if (device.isChangingOver()) {
                out.put(id, absence(device.entry().binding()));
            } else if (!device.isOpen() || !device.info().status().isOnline()) {
                out.put(id, device.info().status()); // closed, it has the status of before for a moment
            }
        }
        return out;
    }

    /** What shows that the binding of one of these devices is broken; waiting would not help. */
    public Optional<String> broken(Set<DeviceId> ids) {
        return ids.stream()
                .map(devices::get)
                .filter(d -> d != null && !d.isRemoved())
                .map(HostedDevice::brokenBecause)
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }

    private void pokeUsers(String binding) {
        for (HostedDevice device : devices.values()) {
            if (device.entry().binding().equals(binding)) {
                device.poke();
            }
        }
    }

    /** The binding of that id; null if none is installed now. */
    @Nullable
    Binding binding(String id) {
        List<Binding> all = bindings.get(id);
        return all == null ? null : all.get(0);
    }

    /** Ids and types of the bindings that are there. */
    public Map<String, Set<String>> bindingTypes() {
        Map<String, Set<String>> out = new HashMap<>();
        bindings.forEach((id, all) -> out.put(id, all.get(0).types()));
        return out;
    }

    /** The status of devices whose binding is not there: being replaced, not up yet, or missing. */
    Status absence(String binding) {
        if (bindings.containsKey(binding)) {
            return new Status(Condition.UPDATING, "its binding was replaced");
        }
        long now = System.nanoTime();
        Long since = left.get(binding);
        if (since != null && now - since < limits.update.toNanos()) {
            return new Status(Condition.UPDATING, "binding '" + binding + "' is being replaced");
        }
        if (since == null && now - startedNanos < START_GRACE.toNanos()) {
            if (awaited.add(binding)) { // one for all its devices, each of which would have all of them look again
                timers.after(START_GRACE, () -> pokeUsers(binding));
            }
            return new Status(Condition.CONNECTING, "waits for binding '" + binding + "'");
        }
        return Status.offline(
                "no binding '" + binding + "' is installed" + DidYouMean.hint(binding, bindings.keySet()));
    }

    String unknownType(Binding binding, String type) {
        return "binding " + binding.id() + " makes no '" + type + "'" + DidYouMean.hint(type, binding.types())
                + " (it makes "
                + String.join(", ", binding.types().stream().sorted().toList()) + ")";
    }

    // ---- what devices need

    Ingress ingress() {
        return ingress;
    }

    Clock clock() {
        return clock;
    }

    LanePool pool() {
        return pool;
    }

    Scheduler scheduler() {
        return timers;
    }

    Limits limits() {
        return limits;
    }

    OpenGate gate() {
        return gate;
    }

    Rehearsal rehearsal() {
        return rehearsal;
    }

    Discovery discovery() {
        return discovery;
    }

    public CommandCentre commands() {
        return commands;
    }

    boolean stopping() {
        return stopping;
    }

    @Nullable
    HostedDevice device(DeviceId id) {
        return devices.get(id);
    }

    Optional<Secret> secret(String name) {
        return secrets.apply(name);
    }

    void pokeChildren(DeviceId bridge) {
        forChildren(bridge, HostedDevice::poke);
    }

    void refreshChildren(DeviceId bridge) {
        forChildren(bridge, child -> {
            if (child.isOpen()) {
                child.refreshStatus();
            } else {
                child.poke();
            }
        });
    }

    private void forChildren(DeviceId bridge, Consumer<HostedDevice> action) {
        for (DeviceId id : children.getOrDefault(bridge, Set.of())) {
            HostedDevice child = devices.get(id);
            if (child != null) {
                action.accept(child);
            }
        }
    }

    void childStatus(HostedDevice bridge, DeviceId child, Status status) {
        HostedDevice device = devices.get(child);
        if (device != null && bridge.id().equals(device.bridge())) {
            device.bridgeSays(status);
        }
    }

    /** Settings that nobody read: misspelt, most likely. */
    private static List<Problem> misspelt(DeviceEntry entry, Settings settings) {
        List<Problem> found = new ArrayList<>();
        for (String key : settings.unread()) {
            String section = key.substring(0, key.lastIndexOf('.') + 1);
            List<String> known = settings.known().stream()
                    .filter(k -> k.startsWith(section))
                    .map(k -> k.substring(section.length()))
                    .toList();
            found.add(Problem.warning(
                    MISSPELT,
                    entry.placeOfKey(key),
                    "nobody reads '" + key + "'" + DidYouMean.hint(key.substring(section.length()), known)));
        }
        return found;
    }

    void created(DeviceEntry entry, Settings settings) {
        DeviceId id = entry.id();
        List<Problem> found = misspelt(entry, settings);
        if (found.isEmpty()) {
            problems.remove(id);
        } else if (!found.equals(problems.put(id, found))) {
            found.forEach(p -> LOG.warn("{}", p));
        }
    }

    /** A binding refused the settings of a device. */
    void refused(DeviceId id, SettingsException e) {
        problems.put(id, List.of(Problem.error("C020", e.place(), String.valueOf(e.getMessage()))));
    }

    /** What is wrong with the settings of devices, as their bindings say. */
    public List<Problem> problems() {
        return problems.values().stream().flatMap(List::stream).toList();
    }

    void malformed(DeviceId id, String what) {
        long now = System.nanoTime();
        Long before = malformedLogged.get(id);
        if (before == null || now - before > TimeUnit.MINUTES.toNanos(1)) {
            malformedLogged.put(id, now);
            LOG.warn("{}: bad input skipped: {} (counted; said once a minute)", id, what);
        } else {
            LOG.debug("{}: bad input skipped: {}", id, what);
        }
    }

    /** Threads that a device left behind. */
    void leaked(List<String> threads) {
        leaks.addAll(threads);
    }

    // ---- the watch over lanes

    /** Gives up tasks that take too long: first by interruption, then by writing their thread off. */
    private void watch() {
        gate.wake();
        for (HostedDevice device : devices.values()) {
            Lane lane = device.lane();
            long busy = lane.busyNanos();
            long limit = limit(device).toNanos();
            if (busy <= limit) {
                continue;
            }
            Thread runner = lane.runner();
            if (runner != null && busy > limit + TimeUnit.SECONDS.toNanos(5)) {
                LOG.error(
                        "{}: {} is stuck and ignores interruption; it is written off. It is in {}",
                        device.id(),
                        runner.getName(),
                        top(runner));
                device.abandon(runner);
            } else {
                LOG.warn("{}: busy for {} s; interrupted", device.id(), TimeUnit.NANOSECONDS.toSeconds(busy));
                lane.interrupt();
            }
        }
        if (!stopping) {
            timers.after(WATCH, this::watch);
        }
    }

    private Duration limit(HostedDevice device) {
        if (!device.isOpening()) {
            return limits.task;
        }
        return device.isChangingOver() ? LEFT_LIMIT : limits.open;
    }

    private static String top(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "nothing" : stack[0].toString();
    }

    // ---- reading

    void modelChanged() {
        modelVersion.incrementAndGet();
    }

    /** Names or descriptions are others: what rules are checked against. */
    private void plantChanged() {
        modelChanged();
        plantTold();
    }

    /** The plant is another, and the house has been told so. */
    void plantTold() {
        modelListener.run();
    }

    /** All devices now, in the order of the files. */
    public HouseModel model() {
        Built current = built;
        if (current.version == modelVersion.get()) {
            return current.model;
        }
        synchronized (modelLock) {
            long version = modelVersion.get();
            if (built.version != version) {
                built = new Built(version, build());
            }
            return built.model;
        }
    }

    private record Built(long version, HouseModel model) {}

    private HouseModel build() {
        List<DeviceInfo> infos = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DeviceId id : order) {
            HostedDevice device = devices.get(id);
            if (device != null && !device.isRemoved() && names.add(device.info().name())) {
                infos.add(device.info());
            }
        }
        return new HouseModel(infos);
    }

    /** The sentence about a device that is not there. */
    public String unknownDevice(DeviceId id) {
        return "there is no device with the id " + id
                + DidYouMean.hint(
                        id.value(),
                        devices.keySet().stream().map(DeviceId::value).toList());
    }

    public List<Candidate> candidates() {
        return discovery.all();
    }

    public void add(Finder finder) {
        finders.add(finder);
    }

    public void remove(Finder finder) {
        finders.remove(finder);
    }

    /** See {@link org.fieldhouse.api.model.House#searches}. */
    public List<String> searches() {
        return finders.lines();
    }

    public Optional<Candidate> candidate(DeviceId id) {
        return discovery.find(id);
    }

    /** What went wrong at a device. */
    public Optional<DeviceCounters> counters(DeviceId id) {
        return Optional.ofNullable(devices.get(id)).map(HostedDevice::counters);
    }

    /** Threads that devices left behind since the start. */
    public List<String> leaked() {
        return List.copyOf(leaks);
    }

    /** Threads that the lanes share now. */
    public int laneThreads() {
        return pool.threads();
    }

    /** Takes back what was known in an earlier run. Before {@link #apply}. */
    public void restore(HouseMemory memory) {
        rememberedNames.putAll(memory.names());
        remembered.putAll(memory.descriptions());
        commands.restore(memory.priorities(), memory.open(), memory.unplaced());
    }

    /** What a later run has to know, as facts. */
    public List<Fact> memory() {
        Map<DeviceId, DeviceDescription> descriptions = new HashMap<>(remembered);
        devices.forEach((id, device) -> {
            if (!device.info().description().equals(DeviceDescription.EMPTY)) {
                descriptions.put(id, device.info().description());
            }
        });
        // Priorities last: a set that takes its slot meanwhile is in them.
        List<Command> recording = commands.recording();
        List<Command> open = commands.open();
        return HouseMemory.facts(Map.copyOf(rememberedNames), descriptions, recording, open, commands.allPriorities());
    }

    /** The first time, what an earlier run knew and is not there any more is said to be gone. */
    private void forgetOthers(Set<DeviceId> wanted) {
        for (Map.Entry<DeviceId, String> entry : Map.copyOf(rememberedNames).entrySet()) {
            if (!wanted.contains(entry.getKey()) && !devices.containsKey(entry.getKey())) {
                rememberedNames.remove(entry.getKey());
                remembered.remove(entry.getKey());
                ingress.mailbox(entry.getKey())
                        .publish(new Fact.DeviceRemoved(entry.getKey(), entry.getValue()), configured());
            }
        }
        commands.restored();
    }

    // ---- the end

    /** Closes every device, children before their bridges. Returns when all are closed, or after some seconds. */
    @Override
    public void close() {
        stopping = true;
        finders.close();
        devices.values().stream()
                .sorted(Comparator.comparing(d -> d.bridge() == null))
                .forEach(HostedDevice::poke);
        await(() -> devices.values().stream().noneMatch(HostedDevice::isOpen));
        timers.close();
        pool.close();
    }

    private void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
