package org.fieldhouse.store.sqlite;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the store; a change restarts the bus. */
@ObjectClassDefinition(
        id = "org.fieldhouse.store.sqlite",
        name = "Journal file",
        description = "The file that keeps events and snapshots")
public @interface SqliteConfig {
    @AttributeDefinition(
            name = "Directory",
            description = "where journal.db is; empty for data/journal below the house's home",
            required = false)
    String directory() default "";
}
