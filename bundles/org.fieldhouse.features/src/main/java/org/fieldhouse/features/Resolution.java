package org.fieldhouse.features;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.utils.resource.CapabilitySet;
import org.fieldhouse.api.feature.Reason;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * Whether every requirement will have somebody who meets it, told before anything is touched. It looks at each requirement by itself;
 * what follows from several together (uses constraints) the framework finds when it resolves, before anything is started.
 */
final class Resolution {
    /** Judged by the framework alone: native code depends on the machine. */
    private static final Set<String> LEFT_TO_THE_FRAMEWORK = Set.of("osgi.native", "osgi.service");

    private static final Pattern FROM = Pattern.compile("version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("!\\(version>=([^)]+)\\)");

    private final Map<String, List<Capability>> offered = new HashMap<>();

    /** @param resources everything that will be there */
    Resolution(Iterable<? extends Resource> resources) {
        for (Resource resource : resources) {
            for (Capability capability : resource.getCapabilities(null)) {
                offered.computeIfAbsent(capability.getNamespace(), n -> new ArrayList<>())
                        .add(capability);
            }
        }
    }

    static boolean matches(Capability capability, Requirement requirement) {
        return capability.getNamespace().equals(requirement.getNamespace())
                && CapabilitySet.matches(capability, requirement);
    }

    private boolean isMet(Requirement requirement) {
        return offered.getOrDefault(requirement.getNamespace(), List.of()).stream()
                .anyMatch(capability -> matches(capability, requirement));
    }

    private static boolean matters(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String resolution = directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, "mandatory");
        String effective = directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, "resolve");
        return resolution.equals("mandatory")
                && effective.equals("resolve")
                && !LEFT_TO_THE_FRAMEWORK.contains(requirement.getNamespace());
    }

    /** What nobody meets. */
    List<Requirement> missing(Resource resource) {
        return resource.getRequirements(null).stream()
                .filter(Resolution::matters)
                .filter(requirement -> !isMet(requirement))
                .toList();
    }

    /**
     * A reason for each requirement that nobody meets.
     *
     * @param names symbolic name, for people
     * @param providers who could, in words; empty if nobody is known
     */
    List<Reason> reasons(Map<String, ? extends Resource> names, Function<Requirement, String> providers) {
        Map<String, Reason> reasons = new LinkedHashMap<>();
        names.forEach((name, resource) -> {
            for (Requirement requirement : missing(resource)) {
                String what = describe(requirement);
                reasons.computeIfAbsent(name + what, key -> {
                    String who = providers.apply(requirement);
                    return new Reason(
                            "F005",
                            name,
                            "needs " + what + ", which nobody offers",
                            who.isEmpty() ? "nothing in the repositories offers it either" : who + " offers it");
                });
            }
        });
        return List.copyOf(reasons.values());
    }

    /** {@code package org.example [1.0,2.0)}; other requirements as their filter. */
    static String describe(Requirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
            return requirement.getNamespace() + ' ' + filter;
        }
        Matcher name = Pattern.compile("osgi\\.wiring\\.package=([^)]+)\\)").matcher(filter);
        Matcher below = BELOW.matcher(filter);
        Matcher from = FROM.matcher(filter.replaceAll("\\(!\\(version>=[^)]+\\)\\)", ""));
        String range = from.find()
                ? below.find() ? " [" + from.group(1) + ',' + below.group(1) + ')' : ' ' + from.group(1)
                : "";
        return "package " + (name.find() ? name.group(1) : filter) + range;
    }
}
