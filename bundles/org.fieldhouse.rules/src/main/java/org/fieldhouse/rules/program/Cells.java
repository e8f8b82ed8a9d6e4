package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.rules.check.Resolution;
import org.jspecify.annotations.Nullable;

/** Gives each source that a program reads or writes its index. */
final class Cells {
    private final Map<Object, Integer> indices = new LinkedHashMap<>();
    private final List<Source> sources = new ArrayList<>();

    /** What a counter's cell belongs to. */
    private record DeclarationKey(String declaration) {}

    int of(Source source) {
        Object key = source instanceof Source.OfPoint point
                ? point.id()
                : source instanceof Source.OfVariable variable
                        ? variable.name()
                        : source instanceof Source.OfDevice device
                                ? device.id()
                                : new DeclarationKey(((Source.OfDeclaration) source).declaration());
        Integer known = indices.get(key);
        if (known != null) {
            return known;
        }
        indices.put(key, sources.size());
        sources.add(source);
        return sources.size() - 1;
    }

    int device(DeviceId id) {
        return of(new Source.OfDevice(id));
    }

    List<Source> sources() {
        return sources;
    }

    /** Something with a value: a point, a variable, a counter. */
    record Valued(Source source, ValueSpec spec, @Nullable PointId point, @Nullable String variable) {
        Unit unit() {
            Unit unit = spec.unit();
            return unit == null ? Unit.ONE : unit;
        }
    }

    /** What has a value of its own; null for the rest. */
    static @Nullable Valued valued(Resolution resolution, Variables variables) {
        if (resolution instanceof Resolution.OfPoint point) {
            return new Valued(
                    new Source.OfPoint(point.id(), point.spec().value().unit()),
                    point.spec().value(),
                    point.id(),
                    null);
        } else if (resolution instanceof Resolution.OfVariable variable) {
            String name = variable.variable().name().text();
            return new Valued(variables.source(variable.variable(), variable.spec()), variable.spec(), null, name);
        } else if (resolution instanceof Resolution.OfCounter counter) {
            String id = "counter " + counter.counter().name().text();
            return new Valued(new Source.OfDeclaration(id, counter.spec().unit()), counter.spec(), null, null);
        }
        return null;
    }

    /** Where a variable begins. */
    interface Variables {
        Source source(org.fieldhouse.rules.syntax.ast.Decl.Variable variable, ValueSpec spec);
    }
}
