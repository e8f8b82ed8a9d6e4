package org.example.acme;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What holds for all devices of the binding. What holds for one is under {@code config:} of its entry. */
@ObjectClassDefinition(name = "Acme")
public @interface AcmeConfig {
    @AttributeDefinition(
            name = "Silence",
            description = "Seconds without a line after which a device is taken for lost, 1 to 3600.",
            min = "1",
            max = "3600")
    int silenceSeconds() default 30;
}
