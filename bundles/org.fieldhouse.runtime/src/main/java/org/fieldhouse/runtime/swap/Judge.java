package org.fieldhouse.runtime.swap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.runtime.host.DeviceHost;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Waits until the version in force is healthy: active, with the bindings and services that there were, and their devices online. */
final class Judge {
    /** The verdict while the runtime is stopped: then nothing is put back. */
    static final String STOPPED = "the runtime is stopped";

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final DeviceHost host;
    private final ComponentFailures failures;
    private final Duration register;
    private final Duration healthy;

    /**
     * @param register until its bindings and services are there
     * @param healthy from then until its devices are online
     */
    Judge(DeviceHost host, ComponentFailures failures, Duration register, Duration healthy) {
        this.host = host;
        this.failures = failures;
        this.register = register;
        this.healthy = healthy;
    }

    /**
     * Waits until all is as it was; what is not, or null.
     *
     * @param impatient whether what shows that waiting does not help ends it
     */
    @Nullable
    String awaitHealthy(Trial trial, boolean impatient) {
        long end = System.nanoTime() + register.toNanos();
        String missing = missing(trial);
        while (missing != null) {
            String refused = trial.refused;
            if (impatient && refused != null) {
                return refused;
            }
            if (System.nanoTime() - end > 0) {
                return missing + failures.of(trial.inForce) + Starter.interrupt(trial, trial.inForce);
            }
            if (!pause()) {
                return STOPPED;
            }
            missing = missing(trial);
        }
        return awaitDevices(trial, impatient);
    }

    private @Nullable String awaitDevices(Trial trial, boolean impatient) {
        long end = System.nanoTime() + healthy.toNanos();
        while (true) {
            Map<DeviceId, Status> waiting = host.notOnline(trial.online);
            if (waiting.isEmpty()) {
                return null;
            }
            String broken = impatient ? host.broken(trial.online).orElse(null) : null;
            if (broken != null) {
                return broken;
            }
            if (System.nanoTime() - end > 0) {
                Map.Entry<DeviceId, Status> one = waiting.entrySet().iterator().next();
                return waiting.size() + " of " + trial.online.size() + " devices that were online are not, "
                        + one.getKey() + " is " + one.getValue();
            }
            if (!pause()) {
                return STOPPED;
            }
        }
    }

    private static @Nullable String missing(Trial trial) {
        if (trial.inForce.getState() != Bundle.ACTIVE) {
            return "it is not active";
        }
        for (String binding : trial.bindings) {
            if (!trial.arrived.contains(binding)) {
                return "it started, and brought no binding '" + binding + "'";
            }
        }
        Set<String> there = services(trial.inForce);
        for (String service : trial.services) {
            if (!there.contains(service)) {
                return "it started, and registered no " + service;
            }
        }
        return null;
    }

    /** Names of the services that a bundle has registered. */
    static Set<String> services(Bundle bundle) {
        Set<String> names = new TreeSet<>();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references != null) {
            for (ServiceReference<?> reference : references) {
                names.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
            }
        }
        return names;
    }

    private static boolean pause() {
        LockSupport.parkNanos(LOOK_NANOS);
        return !Thread.currentThread().isInterrupted();
    }
}
