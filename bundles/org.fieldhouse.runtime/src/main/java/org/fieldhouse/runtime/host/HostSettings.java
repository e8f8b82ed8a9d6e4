package org.fieldhouse.runtime.host;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Time limits of the device host and the command router. */
@ObjectClassDefinition(name = "Fieldhouse devices and commands")
public @interface HostSettings {
    @AttributeDefinition(
            name = "Command deadline",
            description = "Seconds until an unconfirmed command is timed out.",
            min = "1",
            max = "3600")
    int commandDeadlineSeconds() default 10;

    @AttributeDefinition(
            name = "Manual hold",
            description =
                    "Minutes for which what a person asks for keeps rules away, unless the request says otherwise.",
            min = "0",
            max = "525600")
    int manualHoldMinutes() default 120;

    @AttributeDefinition(
            name = "Update hold",
            description = "Seconds for which commands wait while a binding is replaced.",
            min = "1",
            max = "600")
    int updateHoldSeconds() default 10;

    @AttributeDefinition(
            name = "Opening limit",
            description = "Seconds after which an opening is given up.",
            min = "1",
            max = "3600")
    int openLimitSeconds() default 60;

    @AttributeDefinition(
            name = "Task limit",
            description = "Seconds after which a command or timer of a device is given up.",
            min = "1",
            max = "3600")
    int taskLimitSeconds() default 30;
}
