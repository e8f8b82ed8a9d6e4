package org.fieldhouse.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.fieldhouse.api.feature.Reason;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Whether what was changed works: its bundles are active, its components satisfied, its bindings registered, and {@code /health}
 * has no problem that it did not have before.
 */
final class HealthGate {
    static final String BINDING = "org.fieldhouse.api.binding.Binding";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServiceComponentRuntime components;
    private final List<HealthCheck> checks;
    private final long limitNanos;
    private final Set<String> before;

    /**
     * Remembers what is wrong already.
     *
     * @param checks those there are, at any time: a change may put others in their place
     */
    HealthGate(ServiceComponentRuntime components, List<HealthCheck> checks, long limitMillis) {
        this.components = components;
        this.checks = checks;
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        this.before = problems();
    }

    /** Waits until all is well, or says what is not when the time is up. */
    void pass(List<Bundle> changed) throws Refusal {
        long deadline = System.nanoTime() + limitNanos;
        List<Reason> wrong = wrong(changed);
        while (!wrong.isEmpty()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_NANOS);
            wrong = wrong(changed);
        }
        if (!wrong.isEmpty()) {
            throw new Refusal(wrong);
        }
    }

    private List<Reason> wrong(List<Bundle> changed) {
        List<Reason> wrong = new ArrayList<>();
        for (Bundle bundle : changed) {
            if (Changeover.isFragment(bundle)) {
                continue;
            }
            // STARTING: with a lazy activation policy, that is all that there is to do.
            if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                wrong.add(reason(bundle, "is not active"));
            }
            for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs(bundle)) {
                wrong.addAll(wrong(bundle, component));
            }
            if (promises(bundle, BINDING) && services(bundle, BINDING) == 0) {
                wrong.add(reason(bundle, "has not registered its binding"));
            }
        }
        if (wrong.isEmpty()) {
            Set<String> now = problems();
            now.removeAll(before);
            now.forEach(problem -> wrong.add(new Reason("F009", "/health", problem, "")));
        }
        return wrong;
    }

    private List<Reason> wrong(Bundle bundle, ComponentDescriptionDTO component) {
        List<Reason> wrong = new ArrayList<>();
        for (ComponentConfigurationDTO instance : components.getComponentConfigurationDTOs(component)) {
            if (instance.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                String missing = Arrays.stream(instance.unsatisfiedReferences)
                        .map(r -> r.name + (r.target == null ? "" : " " + r.target))
                        .collect(Collectors.joining(", "));
                wrong.add(reason(bundle, "component " + component.name + " waits for " + missing));
            } else if (instance.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                wrong.add(reason(bundle, "component " + component.name + " failed: " + cause(instance.failure)));
            }
        }
        return wrong;
    }

    /** The innermost cause in a stack trace: what a constructor throws comes wrapped. */
    private static String cause(String trace) {
        int inner = trace.lastIndexOf("Caused by: ");
        return (inner < 0 ? trace : trace.substring(inner + "Caused by: ".length()))
                .lines()
                .findFirst()
                .orElse("");
    }

    private static Reason reason(Bundle bundle, String message) {
        return new Reason("F009", bundle.getSymbolicName(), message, "");
    }

    private Set<String> problems() {
        Set<String> problems = new TreeSet<>();
        for (HealthCheck check : checks) {
            Result result;
            try {
                result = check.execute();
            } catch (RuntimeException | LinkageError e) {
                // Its bundle may just be leaving, or be wired anew.
                problems.add("the health check " + check.getClass().getName() + " fails: " + e);
                continue;
            }
            if (!result.isOk()) {
                for (ResultLog.Entry entry : result) {
                    // A warning (a broker that is away) leaves the house ready, so it is no reason to go back.
                    if (entry.getStatus() != Result.Status.OK && entry.getStatus() != Result.Status.WARN) {
                        problems.add(entry.getMessage());
                    }
                }
            }
        }
        return problems;
    }

    private static boolean promises(Bundle bundle, String service) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (Capability capability : revision.getCapabilities("osgi.service")) {
            Object classes = capability.getAttributes().get(Constants.OBJECTCLASS);
            if (classes instanceof List<?> list ? list.contains(service) : service.equals(classes)) {
                return true;
            }
        }
        return false;
    }

    /** How many services of a kind the bundle has registered. */
    static int services(Bundle bundle, String service) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references == null) {
            return 0;
        }
        return (int) Arrays.stream(references)
                .filter(r -> Arrays.asList((String[]) r.getProperty(Constants.OBJECTCLASS))
                        .contains(service))
                .count();
    }
}
