package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.features.lock.Isolated;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether everybody will have what he needs, told before anything is touched, and who could provide what is missing. */
final class Requirements {
    private static final Logger LOG = LoggerFactory.getLogger(Requirements.class);

    private static final String INSIDE =
            "in a process of its own there are the API, the bundles of the feature itself, those of features that it requires and "
                    + "that did not come with the distribution, and `serial` if it requires that; a bundle alone requires no "
                    + "feature, so install the feature that it belongs to";

    private final BundleContext context;
    private final Places places;
    private final Engine.Surroundings surroundings;
    private final Lock current;
    private final Lock running;

    Requirements(BundleContext context, Places places, Engine.Surroundings surroundings, Lock current, Lock running) {
        this.context = context;
        this.places = places;
        this.surroundings = surroundings;
        this.current = current;
        this.running = running;
    }

    /** The requirements of what comes, and those of what stays that are met by what goes. */
    List<Reason> ofTheHouse(Lock next, Map<String, Jars.Bundle> jars) throws IOException {
        Map<String, List<Requirement>> judged = new LinkedHashMap<>();
        List<Resource> all = new ArrayList<>();
        for (Map.Entry<String, Jars.Bundle> jar : jars.entrySet()) {
            Resource resource = jar.getValue().resource();
            all.add(resource);
            judged.put(jar.getKey(), resource.getRequirements(null));
        }
        Set<String> leaving = new HashSet<>(jars.keySet());
        Changeover.missing(running, next).forEach(pin -> leaving.add(pin.name()));
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision == null || leaving.contains(String.valueOf(bundle.getSymbolicName()))) {
                continue;
            }
            all.add(revision);
            List<Requirement> lost = wiredTo(leaving, revision);
            if (!lost.isEmpty()) {
                judged.put(bundle.getSymbolicName(), lost);
            }
        }
        return new Resolution(all).reasons(judged, this::cure);
    }

    /** In a process there is the API, what components need, and what is inside. */
    List<Reason> ofProcesses(Lock next, Map<String, Jars.Bundle> jars) throws IOException {
        Map<String, List<Requirement>> judged = new LinkedHashMap<>();
        List<Resource> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            boolean there = bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
                    || Processes.isThere(String.valueOf(bundle.getSymbolicName()));
            if (revision != null && there) {
                all.add(revision);
            }
        }
        for (Isolated isolated : next.isolated()) {
            List<Resource> there = new ArrayList<>(all);
            for (Pin pin : isolated.bundles()) {
                Jars.Bundle fresh = jars.get(pin.sha256());
                Jars.Bundle jar = fresh == null ? Jars.read(pin.jar(places)) : fresh;
                there.add(jar.resource());
                if (fresh != null) {
                    judged.put(pin.name(), jar.resource().getRequirements(null));
                }
            }
            List<Reason> reasons = new Resolution(there).reasons(judged, missing -> INSIDE);
            if (!reasons.isEmpty()) {
                return reasons;
            }
            judged.clear();
        }
        return List.of();
    }

    private static List<Requirement> wiredTo(Set<String> providers, BundleRevision revision) {
        BundleWiring wiring = revision.getWiring();
        if (wiring == null || providers.isEmpty()) {
            return List.of();
        }
        List<Requirement> requirements = new ArrayList<>();
        for (BundleWire wire : wiring.getRequiredWires(null)) {
            if (providers.contains(String.valueOf(wire.getProvider().getSymbolicName()))) {
                requirements.add(wire.getRequirement());
            }
        }
        return requirements;
    }

    /** What to do about a requirement that nobody meets; it is asked after a failure only, so it may take its time. */
    private String cure(Requirement requirement) {
        try {
            for (Lock.Found found : Planner.available(places, current)) {
                for (Pin pin : found.list().bundles()) {
                    if (current.bundle(pin.name()).isEmpty() && offers(pin.jar(places), requirement)) {
                        String feature = found.list().name();
                        return "`feature:install " + feature + "` brings it, with bundle " + pin.name() + ' '
                                + pin.version();
                    }
                }
            }
            for (Repository repository : surroundings.repositories()) {
                for (Path jar : repository.jars()) {
                    if (offers(jar, requirement)) {
                        return "`bundle:install " + jar + "` brings it";
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("Looking for a provider: {}", e.toString());
        }
        return "nothing in the repositories offers it either";
    }

    private static boolean offers(Path jar, Requirement requirement) {
        try {
            return Jars.read(jar).resource().getCapabilities(null).stream()
                    .anyMatch(capability -> Resolution.matches(capability, requirement));
        } catch (IOException notABundle) {
            return false;
        }
    }
}
