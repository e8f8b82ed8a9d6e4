package org.fieldhouse.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.IsolatedProcess;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.model.House;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service in the container. */
@Component(
        service = {Isolation.class, HealthCheck.class, ConfigurationListener.class},
        immediate = true,
        configurationPid = "org.fieldhouse.isolation",
        property = {"hc.name=isolation", "hc.tags=fieldhouse"})
@Designate(ocd = IsolationSettings.class)
public final class Isolations implements Isolation, HealthCheck, ConfigurationListener, Ward.House {
    private static final Logger LOG = LoggerFactory.getLogger(Isolations.class);
    private static final Duration STABLE = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_PAUSE = Duration.ofMinutes(1);
    private static final Duration HEALTHY = Duration.ofSeconds(5);
    private static final long CALL_SECONDS = 20;

    private final BundleContext context;
    private final EventBus bus;
    private final House house;
    private final Configurations configurations;
    private final Launch launch;
    private final Patience patience;
    private final ScheduledThreadPoolExecutor timers;
    private final Map<String, Ward> wards = new ConcurrentHashMap<>();

    @Activate
    public Isolations(
            BundleContext context,
            IsolationSettings settings,
            @Reference ConfigurationAdmin admin,
            @Reference EventBus bus,
            @Reference House house) {
        this.context = context;
        this.bus = bus;
        this.house = house;
        configurations = new Configurations(admin);
        launch = new Launch(
                Path.of(property("fieldhouse.home", "."))
                        .toAbsolutePath()
                        .normalize()
                        .resolve("data/isolated"),
                properties(),
                List.of(settings.wrapper()),
                CALL_SECONDS);
        patience = new Patience(
                Duration.ofSeconds(settings.startSeconds()),
                Duration.ofSeconds(settings.silenceSeconds()),
                FIRST_PAUSE,
                LAST_PAUSE,
                STABLE,
                settings.deaths(),
                HEALTHY);
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-isolation");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timers.scheduleWithFixedDelay(() -> wards.values().forEach(Ward::beat), 1, 1, TimeUnit.SECONDS);
    }

    private String property(String name, String otherwise) {
        String value = context.getProperty(name);
        return value == null ? otherwise : value;
    }

    /** Of the house's framework: what makes it one of ours, and not what it listens on. */
    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        for (String name : List.of(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "felix.cache.locking",
                "felix.log.level",
                "felix.service.urlhandlers",
                "felix.resolver.parallelism",
                "ds.loglevel")) {
            String value = context.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return properties;
    }

    // ---- the service

    @Override
    public void run(IsolatedFeature feature) throws IOException {
        Ward fresh = new Ward(feature, launch, this, patience, timers);
        Ward known = wards.putIfAbsent(feature.name(), fresh);
        try {
            (known == null ? fresh : known).run(feature);
        } catch (IOException e) {
            if (known == null) {
                end(feature.name());
            }
            throw e;
        }
    }

    @Override
    public void keep(IsolatedFeature feature) {
        wards.computeIfAbsent(feature.name(), name -> new Ward(feature, launch, this, patience, timers))
                .keep(feature);
    }

    @Override
    public void restart(String feature) {
        Ward ward = wards.get(feature);
        if (ward == null) {
            throw new IllegalArgumentException("feature " + feature + " is not isolated; isolated are "
                    + String.join(", ", new TreeSet<>(wards.keySet())));
        }
        ward.restart();
    }

    @Override
    public void end(String feature) {
        Ward ward = wards.remove(feature);
        if (ward != null) {
            ward.close();
            try {
                Launch.delete(launch.folder().resolve(feature));
            } catch (IOException e) {
                LOG.warn("The folder of feature {} stays: {}", feature, e.toString());
            }
        }
    }

    @Override
    public List<IsolatedProcess> processes() {
        return wards.values().stream()
                .map(Ward::process)
                .sorted(Comparator.comparing(IsolatedProcess::feature))
                .toList();
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        for (IsolatedProcess process : processes()) {
            if (process.givenUp()) {
                log.critical("{}", process.trouble());
            }
        }
        return new Result(log);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() != ConfigurationEvent.CM_LOCATION_CHANGED) {
            boolean deleted = event.getType() == ConfigurationEvent.CM_DELETED;
            wards.values()
                    .forEach(ward -> ward.configure(to -> configurations.changed(
                            ward.feature(), event.getPid(), event.getFactoryPid(), deleted, to)));
        }
    }

    @Deactivate
    void stop() {
        List<Thread> closing = wards.values().stream()
                .map(ward -> new Thread(ward::close, "fieldhouse-isolation-stop"))
                .toList();
        closing.forEach(Thread::start);
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wards.clear();
        timers.shutdownNow();
    }

    // ---- what wards need of the house

    @Override
    public Runnable bring(IsolatedBinding binding, String feature) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("fieldhouse.isolated", feature);
        ServiceRegistration<Binding> registration = context.registerService(Binding.class, binding, properties);
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("Binding {} has gone with its bundle", binding.id());
            }
        };
    }

    /** A process must not come in the place of another's binding, and see its devices' settings. */
    @Override
    public @Nullable String taken(String bindingId, Set<IsolatedBinding> mine) {
        try {
            for (ServiceReference<Binding> reference : context.getServiceReferences(Binding.class, null)) {
                Binding other = context.getService(reference);
                try {
                    if (other != null
                            && !(other instanceof IsolatedBinding i && mine.contains(i))
                            && other.id().equals(bindingId)) {
                        return "it brings binding '" + bindingId + "', which the house has from "
                                + reference.getBundle().getSymbolicName() + " already";
                    }
                } finally {
                    context.ungetService(reference);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    @Override
    public Set<String> online(Set<String> bindingIds) {
        Set<String> names = new TreeSet<>();
        house.model().devices().stream()
                .filter(device ->
                        bindingIds.contains(device.binding()) && device.status().isOnline())
                .forEach(device -> names.add(device.name()));
        return names;
    }

    @Override
    public void configurations(IsolatedFeature feature, Consumer<ToChild> to) {
        configurations.send(feature, to);
    }

    @Override
    public void audit(String action, String feature, String detail) {
        bus.publish(new Fact.AuditRecorded(action, feature, detail), Cue.NONE);
    }
}
