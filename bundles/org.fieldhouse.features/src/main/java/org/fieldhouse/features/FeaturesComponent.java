package org.fieldhouse.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.felix.hc.api.HealthCheck;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.GenerationInfo;
import org.fieldhouse.api.feature.IsolatedProcess;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.RefusedFile;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Vetting;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service in the container: one thread of its own, on which everything is done. */
@Component(
        service = {Features.class, HealthCheck.class},
        immediate = true,
        configurationPid = "org.fieldhouse.features",
        property = {"hc.name=features", "hc.tags=fieldhouse"})
@Designate(ocd = FeaturesSettings.class)
public final class FeaturesComponent implements Features, HealthCheck, Engine.Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(FeaturesComponent.class);
    private static final long STOP_SECONDS = 10;
    /** The runtime may be starting anew after its own update. */
    private static final long RUNTIME_MILLIS = 15_000;
    /** Of the house's framework, for that of a trial. */
    private static final List<String> PASSED_ON = List.of(
            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
            "felix.cache.locking",
            "felix.log.level",
            "felix.service.urlhandlers",
            "felix.resolver.parallelism",
            "ds.loglevel");

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final ServiceComponentRuntime components;
    private final FeaturesSettings settings;
    private final Places places;
    private final Path home;
    private final Engine engine;
    private final Catalogue catalogue;
    private final DeployFolder deploy;
    private final Doorkeeper doorkeeper;
    private final ScheduledThreadPoolExecutor executor;
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final List<Ranked> vettings = new CopyOnWriteArrayList<>();
    private volatile @Nullable EventBus bus;
    private volatile @Nullable HotSwap swap;
    private volatile @Nullable Generations generations;
    private volatile @Nullable Isolation isolation;
    private boolean unpinned;
    private boolean told;

    private record Ranked(ServiceReference<Vetting> reference, Vetting step) {}

    @Activate
    public FeaturesComponent(
            BundleContext context,
            FeaturesSettings settings,
            @Reference ConfigurationAdmin admin,
            @Reference ServiceComponentRuntime components)
            throws IOException {
        this.context = context;
        this.settings = settings;
        this.admin = admin;
        this.components = components;
        home = Path.of(property("fieldhouse.home", ".")).toAbsolutePath().normalize();
        places = new Places(Path.of(property("fieldhouse.distribution", ".")), home.resolve("data"));
        Path booted = places.data().resolve("features/booted.lock");
        unpinned = Files.exists(booted);
        Lock lock = unpinned
                ? Lock.parse(Files.readString(booted))
                : places.pinned().orElse(Lock.EMPTY);
        engine = new Engine(context, places, lock, this, Probe.NONE);
        catalogue = new Catalogue(context, places, engine, this::processes);
        deploy = new DeployFolder(
                home.resolve("deploy"), home.resolve("trust"), places.data().resolve("features/deployed"), engine);
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-features");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        doorkeeper = new Doorkeeper(
                context,
                engine::knows,
                engine::isComing,
                this::vetter,
                engine::forgetCache,
                fact -> audit(fact, Cue.NONE));
        if (settings.deployMillis() > 0) {
            executor.scheduleWithFixedDelay(
                    this::look, settings.deployMillis(), settings.deployMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private String property(String name, String otherwise) {
        String value = context.getProperty(name);
        return value == null ? otherwise : value;
    }

    // ---- what may come and go

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(&(hc.tags=fieldhouse)(!(hc.name=features)))")
    void addCheck(HealthCheck check) {
        checks.add(check);
    }

    void removeCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addVetting(ServiceReference<Vetting> reference, Vetting step) {
        vettings.add(new Ranked(reference, step));
    }

    void removeVetting(ServiceReference<Vetting> reference) {
        vettings.removeIf(ranked -> ranked.reference.equals(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setSwap(HotSwap service) {
        swap = service;
    }

    void unsetSwap(HotSwap service) {
        if (swap == service) {
            swap = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setGenerations(Generations service) {
        synchronized (checks) {
            generations = service;
            checks.notifyAll();
        }
    }

    void unsetGenerations(Generations service) {
        if (generations == service) {
            generations = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setBus(EventBus service) {
        bus = service;
    }

    void unsetBus(EventBus service) {
        if (bus == service) {
            bus = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setIsolation(Isolation service) {
        synchronized (checks) {
            isolation = service;
            checks.notifyAll();
        }
        executor.execute(() -> new Processes(places, this).keep(engine.running(), service));
    }

    void unsetIsolation(Isolation service) {
        if (isolation == service) {
            isolation = null;
        }
    }

    // ---- surroundings of a change; features thread

    @Override
    public Generations generations() throws Refusal {
        Generations present = awaited(() -> generations);
        if (present == null) {
            throw new Refusal("F010", "the runtime", "is not there, so nothing can be recorded", "");
        }
        return present;
    }

    @Override
    public Isolation isolation() throws Refusal {
        Isolation present = awaited(() -> isolation);
        if (present == null) {
            throw new Refusal("F015", "feature isolation", "is not there, so nothing runs in a process of its own", "");
        }
        return present;
    }

    private <T> @Nullable T awaited(Supplier<@Nullable T> service) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RUNTIME_MILLIS);
        synchronized (checks) {
            try {
                for (long left = RUNTIME_MILLIS; service.get() == null && left > 0; ) {
                    checks.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return service.get();
        }
    }

    @Override
    public Defaults defaults() {
        return new Defaults(places, home.resolve("config"), admin);
    }

    @Override
    public HealthGate gate() {
        return new HealthGate(components, checks, settings.healthMillis());
    }

    @Override
    public Vetter vetter() {
        return new Vetter(
                vettings.stream()
                        .sorted((a, b) -> b.reference.compareTo(a.reference))
                        .map(Ranked::step)
                        .toList(),
                List.of(settings.vetting()));
    }

    @Override
    public @Nullable HotSwap swap() {
        return swap;
    }

    @Override
    public void audit(Fact.AuditRecorded fact, Cue cue) {
        EventBus present = bus;
        if (present != null) {
            present.publish(fact, cue);
        }
    }

    @Override
    public List<Repository> repositories() {
        List<Repository> near = new ArrayList<>();
        List<Repository> far = new ArrayList<>();
        near.add(new FolderRepository(places.distribution().resolve("repository")));
        near.add(new FolderRepository(home.resolve("repository")));
        for (String place : settings.repositories()) {
            if (place.startsWith("http:") || place.startsWith("https:")) {
                far.add(new RemoteRepository(place));
            } else if (place.startsWith("file:")) {
                near.add(new FolderRepository(Path.of(URI.create(place))));
            } else {
                near.add(new FolderRepository(home.resolve(place)));
            }
        }
        near.addAll(far);
        return near;
    }

    @Override
    public Trial trial() {
        Map<String, String> properties = new HashMap<>();
        for (String name : PASSED_ON) {
            String value = context.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return new TrialProcess(
                places.data().resolve("isolated/.trial"), properties, wrapper(), TrialProcess.Patience.USUAL);
    }

    /** What confines processes confines this one. */
    private List<String> wrapper() {
        try {
            Dictionary<String, Object> isolated = defaults().get("org.fieldhouse.isolation");
            return isolated != null && isolated.get("wrapper") instanceof String[] words ? List.of(words) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Trials.Whom tried() {
        String said = property("fieldhouse.trial", settings.trial());
        try {
            return Trials.Whom.valueOf(said.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            LOG.warn("org.fieldhouse.features: trial is unsigned, foreign or nobody, not {}", said);
            return Trials.Whom.UNSIGNED;
        }
    }

    // ---- features thread, again and again

    private void look() {
        try {
            FrameworkStartLevel level =
                    context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkStartLevel.class);
            String beginning = property(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "1");
            if (level.getStartLevel() < Integer.parseInt(beginning)) {
                return;
            }
            Generations present = generations;
            if (unpinned && present != null) {
                engine.pinBooted(present);
                Files.deleteIfExists(places.data().resolve("features/booted.lock"));
                unpinned = false;
            }
            if (!told && bus != null) {
                told = true;
                engine.tellOfEnds();
            }
            if (!unpinned) {
                deploy.look();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("The deploy folder was not looked at", e);
        }
    }

    @Override
    public org.apache.felix.hc.api.Result execute() {
        return deploy.health();
    }

    // ---- the service

    private <T> T call(Callable<T> task) {
        try {
            return executor.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof IOException cause) {
                throw new UncheckedIOException(cause);
            }
            throw new IllegalStateException(e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the house is stopping", e);
        }
    }

    @Override
    public Plan plan(Change change) {
        return call(() -> engine.plan(change));
    }

    @Override
    public Result apply(Change change, Cue cue, Consumer<Progress> progress) {
        Result result = call(() -> engine.apply(change, Engine.label(change), cue, progress));
        try {
            executor.execute(engine::sweep);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping; the store is tidied after the next change");
        }
        return result;
    }

    @Override
    public List<Finding> inspect(String feature) {
        return call(() -> {
            try {
                return engine.inspect(feature);
            } catch (Refusal e) {
                Reason reason = e.reasons.get(0);
                throw new IllegalArgumentException(reason.subject() + ' ' + reason.message(), e);
            }
        });
    }

    private List<IsolatedProcess> processes() {
        Isolation present = isolation;
        return present == null ? List.of() : present.processes();
    }

    @Override
    public List<FeatureInfo> installed() {
        return catalogue.installed();
    }

    @Override
    public List<FeatureInfo> available() {
        return catalogue.available(repositories());
    }

    @Override
    public List<RefusedFile> refused() {
        return deploy.refused();
    }

    @Override
    public List<GenerationInfo> history() {
        return call(() -> Catalogue.history(generations()));
    }

    @Override
    public String lock() {
        return engine.lock().toString();
    }

    @Deactivate
    void stop() {
        doorkeeper.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
