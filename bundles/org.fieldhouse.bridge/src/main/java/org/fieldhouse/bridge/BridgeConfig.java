package org.fieldhouse.bridge;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What goes out to other people's bundles. */
@ObjectClassDefinition(name = "Fieldhouse bridge to OSGi events")
public @interface BridgeConfig {
    @AttributeDefinition(
            name = "Reports",
            description = "Whether reports that change nothing go out too, on org/fieldhouse/state/REPORTED.")
    boolean reported() default false;

    @AttributeDefinition(
            name = "Waiting",
            description =
                    "Events that may wait for slow handlers, 1 to 65,536. Beyond that the oldest are dropped and counted.",
            min = "1",
            max = "65536")
    int waiting() default 1024;
}
