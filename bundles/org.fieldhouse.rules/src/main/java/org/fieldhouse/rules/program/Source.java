package org.fieldhouse.rules.program;

import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Where a {@link Cell} has its value from. */
public sealed interface Source {

    /**
     * A point of a device.
     *
     * @param unit in which its numbers are computed; null for what is no quantity
     */
    record OfPoint(PointId id, @Nullable Unit unit) implements Source {
        /** As that of every record, but ten times faster: a fingerprint is made of thousands. */
        @Override
        public String toString() {
            return "OfPoint[id=" + id + ", unit=" + unit + "]";
        }
    }

    /** Whether a device is online: on or off. */
    record OfDevice(DeviceId id) implements Source {}

    /** A durable variable of the rule files. */
    record OfVariable(String name, ValueSpec spec, Value initial) implements Source {}

    /**
     * What another declaration makes known: a counter's reading, an alarm's state.
     *
     * @param declaration its identity
     * @param unit of a counter; null for what is no quantity
     */
    record OfDeclaration(String declaration, @Nullable Unit unit) implements Source {}

    /** The unit of numbers; null for what is no quantity. */
    default @Nullable Unit numbers() {
        if (this instanceof OfPoint point) {
            return point.unit();
        }
        if (this instanceof OfVariable variable) {
            return variable.spec().unit();
        }
        return this instanceof OfDeclaration declaration ? declaration.unit() : null;
    }
}
