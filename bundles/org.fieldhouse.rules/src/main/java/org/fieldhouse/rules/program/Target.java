package org.fieldhouse.rules.program;

import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.ValueSpec;

/** What can be written. */
public sealed interface Target {
    /** The index of its cell. */
    int cell();

    record Point(int cell, PointId id) implements Target {}

    record Variable(int cell, String name, ValueSpec spec) implements Target {}
}
