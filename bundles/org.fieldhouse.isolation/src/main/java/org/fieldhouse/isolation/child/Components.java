package org.fieldhouse.isolation.child;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;

/** What Declarative Services says of components. By reflection: its types are those of a bundle, which this class is outside of. */
final class Components {
    private static final int NO_CONFIGURATION = 1;
    private static final int NO_REFERENCE = 2;

    private final Object runtime;
    private final Class<?> service;

    /** @param runtime the {@code ServiceComponentRuntime} */
    Components(Object runtime) throws ClassNotFoundException {
        this.runtime = runtime;
        service = Class.forName(
                "org.osgi.service.component.runtime.ServiceComponentRuntime",
                false,
                runtime.getClass().getClassLoader());
    }

    /** Components that are not made, with what they wait for. */
    List<String> waiting(Bundle bundle) throws ReflectiveOperationException {
        List<String> waiting = new ArrayList<>();
        for (Object description : (Collection<?>) call("getComponentDescriptionDTOs", (Object) new Bundle[] {bundle})) {
            Object name = field(description, "name");
            Collection<?> configurations = (Collection<?>) call("getComponentConfigurationDTOs", description);
            if (configurations.isEmpty()) {
                waiting.add(name + " for its configuration");
            }
            for (Object configuration : configurations) {
                int state = (Integer) field(configuration, "state");
                if ((state & NO_CONFIGURATION) != 0) {
                    waiting.add(name + " for its configuration");
                } else if ((state & NO_REFERENCE) != 0) {
                    waiting.add(name + " for " + String.join(", ", missing(description, configuration)));
                }
            }
        }
        return waiting;
    }

    /** The types of services that components of the bundle wait for. */
    Set<String> missing(Bundle bundle) throws ReflectiveOperationException {
        Set<String> missing = new LinkedHashSet<>();
        for (Object description : (Collection<?>) call("getComponentDescriptionDTOs", (Object) new Bundle[] {bundle})) {
            for (Object configuration : (Collection<?>) call("getComponentConfigurationDTOs", description)) {
                missing.addAll(missing(description, configuration));
            }
        }
        return missing;
    }

    private static Set<String> missing(Object description, Object configuration) throws ReflectiveOperationException {
        Map<Object, String> interfaces = new HashMap<>();
        for (Object reference : (Object[]) field(description, "references")) {
            interfaces.put(field(reference, "name"), String.valueOf(field(reference, "interfaceName")));
        }
        Set<String> missing = new LinkedHashSet<>();
        for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
            Object name = field(reference, "name");
            missing.add(interfaces.getOrDefault(name, String.valueOf(name)));
        }
        return missing;
    }

    private Object call(String method, Object argument) throws ReflectiveOperationException {
        for (Method each : service.getMethods()) {
            if (each.getName().equals(method)) {
                return each.invoke(runtime, argument);
            }
        }
        throw new NoSuchMethodException(method);
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        return of.getClass().getField(name).get(of);
    }
}
