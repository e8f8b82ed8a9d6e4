package org.fieldhouse.runtime.command;

import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Whether what a device reports is what was asked. Pure. */
final class Match {
    /** Relative, for numbers without a step: more than a double loses, less than any device resolves. */
    private static final double DUST = 1e-6;
    /** In CIE 1931 x and y: one step of 8-bit RGB, which most lamps compute with. */
    private static final double COLOUR = 0.005;

    private Match() {}

    /** Quantities within a step of the point (a device rounds), colours within what a lamp resolves, others exactly. */
    static boolean same(ValueSpec spec, Value asked, @Nullable Value is) {
        if (asked instanceof Quantity a && is instanceof Quantity b && b.unit().convertsTo(a.unit())) {
            double tolerance = spec.step() != null ? spec.step() : DUST * Math.max(1, Math.abs(a.number()));
            return Math.abs(a.number() - b.in(a.unit()).number()) <= tolerance * (1 + 1e-9);
        }
        if (asked instanceof Colour a && is instanceof Colour b) {
            return Math.abs(a.x() - b.x()) <= COLOUR && Math.abs(a.y() - b.y()) <= COLOUR;
        }
        return asked.equals(is);
    }
}
