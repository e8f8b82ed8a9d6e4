package org.fieldhouse.runtime.bus;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the bus; a change restarts it. */
@ObjectClassDefinition(
        id = "org.fieldhouse.runtime.bus",
        name = "Event bus and journal",
        description = "How events are gathered, kept and bounded")
public @interface BusConfig {
    @AttributeDefinition(
            name = "Commit interval",
            description =
                    "ms, 1 to 1000: events are gathered for that long into one write; after a power cut at most that much is"
                            + " missing",
            min = "1",
            max = "1000")
    int commitMillis() default 20;

    @AttributeDefinition(
            name = "Patience with the disk",
            description =
                    "ms, 100 to 60000: how long the bus waits for a disk that hangs before it goes on without a journal",
            min = "100",
            max = "60000")
    int stallMillis() default 2_000;

    @AttributeDefinition(
            name = "Recent events",
            description = "events kept in memory, 1024 to 1048576, rounded up to a power of two; about 130 bytes each",
            min = "1024",
            max = "1048576")
    int recentEvents() default 16_384;

    @AttributeDefinition(
            name = "Waiting signals",
            description = "signals of one device (button presses) that may wait, 16 to 65536; more are refused",
            min = "16",
            max = "65536")
    int mailboxSignals() default 256;

    @AttributeDefinition(
            name = "Age of the journal",
            description = "days, 1 to 36500: older events are deleted",
            min = "1",
            max = "36500")
    int retainDays() default 400;

    @AttributeDefinition(
            name = "Size of the journal",
            description = "MiB, 16 to 1048576: the oldest events are deleted when it is larger",
            min = "16",
            max = "1048576")
    int retainMebibytes() default 1_024;

    @AttributeDefinition(
            name = "Backlog",
            description =
                    "MiB, 1 to 1024: encoded events kept in memory while the disk is full; the oldest are lost first",
            min = "1",
            max = "1024")
    int backlogMebibytes() default 16;

    @AttributeDefinition(
            name = "Snapshot interval",
            description = "minutes, 1 to 1440: the states of all points are written that often, if anything happened",
            min = "1",
            max = "1440")
    int snapshotMinutes() default 15;

    @AttributeDefinition(
            name = "Snapshot events",
            description = "events, 1000 to 100000000: and after that many events",
            min = "1000",
            max = "100000000")
    long snapshotEvents() default 500_000;
}
