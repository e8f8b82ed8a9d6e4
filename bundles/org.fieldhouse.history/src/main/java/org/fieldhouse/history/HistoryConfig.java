package org.fieldhouse.history;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What is kept, where and how long. A change restarts the history, which goes on where it was. */
@ObjectClassDefinition(
        id = "org.fieldhouse.history",
        name = "History",
        description = "What points were: how much of it is kept, and how long")
public @interface HistoryConfig {
    @AttributeDefinition(
            name = "Directory",
            description = "Where the files are; empty for data/history below the house's home.",
            required = false)
    String directory() default "";

    @AttributeDefinition(
            name = "Keep, days",
            description = "What is older is removed, a day's file at a time, 1 to 36,500.",
            min = "1",
            max = "36500")
    int keepDays() default 400;

    @AttributeDefinition(
            name = "Keep, MiB",
            description = "Beyond this the oldest files are removed, 64 to 1,048,576.",
            min = "64",
            max = "1048576")
    int keepMegabytes() default 1_024;

    @AttributeDefinition(
            name = "Write every, s",
            description =
                    "States gather in memory for so long and then go to disk together, 1 to 3,600. After a crash they come"
                            + " from the journal again: this spares the disk, and loses nothing.",
            min = "1",
            max = "3600")
    int writeSeconds() default 900;

    @AttributeDefinition(
            name = "Memory, KiB",
            description =
                    "What may gather; then it is written earlier, 256 to 65,536. While the disk is full nothing more than this"
                            + " is read from the journal.",
            min = "256",
            max = "65536")
    int memoryKilobytes() default 4_096;

    @AttributeDefinition(
            name = "Reports",
            description = "Whether reports that change neither value nor quality are kept too.")
    boolean reports() default false;

    @AttributeDefinition(
            name = "Hold the journal, days",
            description =
                    "If nothing can be written for so long, 0 to 400, the journal no longer keeps what the history has not"
                            + " read, beyond its own bounds.",
            min = "0",
            max = "400")
    int holdDays() default 7;
}
