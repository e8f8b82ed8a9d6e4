package org.fieldhouse.rules.service;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the rules, PID {@code org.fieldhouse.rules}. */
@ObjectClassDefinition(name = "Rules", description = "Where the house is, and how the rule engine keeps its state.")
public @interface RulesConfig {
    @AttributeDefinition(name = "Time zone", description = "IANA name, e.g. Europe/Berlin. Empty: the machine's.")
    String zone() default "";

    @AttributeDefinition(
            name = "Latitude",
            description = "Degrees, north positive, −90 to 90; for sunrise and sunset. Default 51.48.",
            min = "-90",
            max = "90")
    double latitude() default 51.48;

    @AttributeDefinition(
            name = "Longitude",
            description = "Degrees, east positive, −180 to 180. Default 0.",
            min = "-180",
            max = "180")
    double longitude() default 0;

    @AttributeDefinition(name = "Holidays", description = "Days that are no workdays, as 2026-12-25.")
    String[] holidays() default {};

    @AttributeDefinition(
            name = "Failing tests only warn",
            description = "Loads rule files although a test in them fails (E601). Default: no.")
    boolean failingTestsWarn() default false;

    @AttributeDefinition(
            name = "Seconds between snapshots",
            description = "1 to 3600. More makes recovery after a crash slower. Default 60.",
            min = "1",
            max = "3600")
    int snapshotSeconds() default 60;

    @AttributeDefinition(
            name = "Events between snapshots",
            description = "1000 to 100000000: a snapshot is made after so many events at the latest. Default 200000.",
            min = "1000",
            max = "100000000")
    int snapshotEvents() default 200_000;

    @AttributeDefinition(
            name = "Events that may wait",
            description = "1024 to 1048576: beyond that the bus waits for the rules. Default 65536.",
            min = "1024",
            max = "1048576")
    int capacity() default 65_536;
}
