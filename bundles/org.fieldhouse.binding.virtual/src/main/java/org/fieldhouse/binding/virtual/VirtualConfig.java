package org.fieldhouse.binding.virtual;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What holds for all virtual devices. What holds for one is under {@code config:} of its entry. */
@ObjectClassDefinition(name = "Fieldhouse virtual devices")
public @interface VirtualConfig {
    @AttributeDefinition(
            name = "Response time",
            description = "Milliseconds from a command until the device reports that it has done it, 0 to 60,000.",
            min = "0",
            max = "60000")
    int responseMillis() default 20;

    @AttributeDefinition(
            name = "Seed",
            description = "Number of the random walks, 0 to 9223372036854775807; 0 for others at each start.",
            min = "0",
            max = "9223372036854775807")
    long seed() default 0;
}
