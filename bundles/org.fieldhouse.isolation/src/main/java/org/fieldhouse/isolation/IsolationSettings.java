package org.fieldhouse.isolation;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "Isolated features",
        description = "How processes of features are started, and when they are given up")
@interface IsolationSettings {
    @AttributeDefinition(
            name = "Wrapper",
            description =
                    "Command and arguments that the JVM's command line is appended to: bwrap, systemd-run … Empty: none")
    String[] wrapper() default {};

    @AttributeDefinition(
            name = "Start",
            description = "Within so many seconds the bundles of a process must have started",
            min = "5",
            max = "600")
    int startSeconds() default 60;

    @AttributeDefinition(
            name = "Silence",
            description = "A process that has said nothing for so many seconds is ended",
            min = "2",
            max = "600")
    int silenceSeconds() default 10;

    @AttributeDefinition(
            name = "Deaths",
            description =
                    "A process that died so often in a row, each time within two minutes, is started again; once more, and it is not",
            min = "0",
            max = "100")
    int deaths() default 5;
}
