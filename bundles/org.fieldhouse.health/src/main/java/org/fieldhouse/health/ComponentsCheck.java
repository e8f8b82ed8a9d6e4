package org.fieldhouse.health;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Every component of our bundles has what it needs; a missing service is named by who misses it. */
@Component(
        configurationPid = "org.fieldhouse.health.components",
        property = {"hc.name=components", "hc.tags=fieldhouse"})
public final class ComponentsCheck implements HealthCheck {
    private static final String OURS = "org.fieldhouse.";

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    @Activate
    public ComponentsCheck(BundleContext context, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        Bundle[] ours = Arrays.stream(context.getBundles())
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS))
                .toArray(Bundle[]::new);
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(ours)) {
            for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(description)) {
                check(description.name, component, log);
            }
        }
        return new Result(log);
    }

    private static void check(String name, ComponentConfigurationDTO component, FormattingResultLog log) {
        if (component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            log.critical("component {} failed: {}", name, cause(component.failure));
        } else if (component.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
            log.critical(
                    "component {} has no configuration {}",
                    name,
                    Arrays.toString(component.description.configurationPid));
        } else if (component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            String missing = Arrays.stream(component.unsatisfiedReferences)
                    .map(reference -> reference.name + (reference.target == null ? "" : " " + reference.target))
                    .collect(Collectors.joining(", "));
            log.critical("component {} waits for {}", name, missing);
        }
    }

    /** The innermost cause in a stack trace: what a constructor throws comes wrapped. */
    private static String cause(String trace) {
        int inner = trace.lastIndexOf("Caused by: ");
        return (inner < 0 ? trace : trace.substring(inner + "Caused by: ".length()))
                .lines()
                .findFirst()
                .orElse("no reason");
    }
}
