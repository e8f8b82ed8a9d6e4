package org.fieldhouse.runtime.swap;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What components threw or wait for: the framework itself knows only that a service is not there. */
final class ComponentFailures {
    private final BundleContext context;

    ComponentFailures(BundleContext context) {
        this.context = context;
    }

    /** Why components of that bundle are not up, for people, after a colon; empty if nothing is known. */
    String of(Bundle bundle) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime components = reference == null ? null : context.getService(reference);
        if (components == null) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(description)) {
                String failure = of(component);
                if (!failure.isEmpty()) {
                    out.append(": component ")
                            .append(description.name)
                            .append(' ')
                            .append(failure);
                }
            }
        }
        context.ungetService(reference);
        return out.toString();
    }

    private static String of(ComponentConfigurationDTO component) {
        if (component.failure != null) {
            return "failed: " + cause(component.failure);
        }
        return component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                ? Arrays.stream(component.unsatisfiedReferences)
                        .map(missing -> missing.name)
                        .collect(Collectors.joining(", ", "waits for ", ""))
                : "";
    }

    /** The innermost cause in a stack trace: what a constructor throws comes wrapped. */
    private static String cause(String trace) {
        int inner = trace.lastIndexOf("Caused by: ");
        return (inner < 0 ? trace : trace.substring(inner + "Caused by: ".length()))
                .lines()
                .findFirst()
                .orElse("");
    }
}
