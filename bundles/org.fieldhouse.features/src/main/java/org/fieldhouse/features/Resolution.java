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

    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([^)]+)\\)");

    /** By namespace; packages, of which there are a thousand, by their name as well. */
    private final Map<String, List<Capability>> offered = new HashMap<>();

    /** @param resources everything that will be there */
    Resolution(Iterable<? extends Resource> resources) {
        for (Resource resource : resources) {
            for (Capability capability : resource.getCapabilities(null)) {
                String namespace = capability.getNamespace();
                Object name = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)
                        ? capability.getAttributes().get(namespace)
                        : "";
                offered.computeIfAbsent(namespace + name, n -> new ArrayList<>())
                        .add(capability);
            }
        }
    }

    static boolean matches(Capability capability, Requirement requirement) {
        return capability.getNamespace().equals(requirement.getNamespace())
                && CapabilitySet.matches(capability, requirement);
    }

    private boolean isMet(Requirement requirement) {
        String namespace = requirement.getNamespace();
        String name = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) ? packageName(requirement) : "";
        return offered.getOrDefault(namespace + name, List.of()).stream()
                .anyMatch(capability -> matches(capability, requirement));
    }

    private static String packageName(Requirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        Matcher name = PACKAGE.matcher(filter);
        return name.find() ? name.group(1) : filter;
    }

    /** Whether a bundle cannot be resolved without it. */
    private static boolean matters(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String resolution = directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, "mandatory");
        String effective = directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, "resolve");
        return resolution.equals("mandatory")
                && effective.equals("resolve")
                && !LEFT_TO_THE_FRAMEWORK.contains(requirement.getNamespace());
    }

    /**
     * A reason for each requirement that nobody meets.
     *
     * @param judged symbolic name to requirements
     * @param cures what to do about one, in words
     */
    List<Reason> reasons(Map<String, List<Requirement>> judged, Function<Requirement, String> cures) {
        Map<String, Reason> reasons = new LinkedHashMap<>();
        judged.forEach((name, requirements) -> {
            for (Requirement requirement : requirements) {
                if (!matters(requirement) || isMet(requirement)) {
                    continue;
                }
                String what = describe(requirement);
                reasons.computeIfAbsent(
                        name + what,
                        key -> new Reason(
                                "F005", name, "needs " + what + ", which nobody offers", cures.apply(requirement)));
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
        Matcher below = BELOW.matcher(filter);
        Matcher from = FROM.matcher(filter.replaceAll("\\(!\\(version>=[^)]+\\)\\)", ""));
        String range = from.find()
                ? below.find() ? " [" + from.group(1) + ',' + below.group(1) + ')' : ' ' + from.group(1)
                : "";
        return "package " + packageName(requirement) + range;
    }
}
