package org.fieldhouse.runtime.swap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How long a new version of a bundle may take before the old one comes back. Together below the update hold of the device host. */
@ObjectClassDefinition(name = "Fieldhouse hot swap")
public @interface SwapSettings {
    @AttributeDefinition(
            name = "Start limit",
            description = "Milliseconds until a new version has returned from its start.",
            min = "100",
            max = "600000")
    int startMillis() default 5_000;

    @AttributeDefinition(
            name = "Registration limit",
            description = "Milliseconds from then until the bindings and services that it had are there.",
            min = "100",
            max = "600000")
    int registerMillis() default 2_000;

    @AttributeDefinition(
            name = "Health limit",
            description = "Milliseconds from then until the devices are online that were.",
            min = "100",
            max = "600000")
    int healthyMillis() default 5_000;
}
