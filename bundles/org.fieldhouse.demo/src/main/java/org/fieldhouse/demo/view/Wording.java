package org.fieldhouse.demo.view;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Says ids and values by the names and words of their owner. */
final class Wording {
    private final House house;

    Wording(House house) {
        this.house = house;
    }

    String device(DeviceId id) {
        return house.model().device(id).map(DeviceInfo::name).map(Names::quoted).orElse(id.value());
    }

    String point(PointId id) {
        return device(id.device()) + '.' + id.point();
    }

    String state(PointId id, State state) {
        Value value = state.value();
        String said = value == null ? "nothing" : value(spec(id), value);
        return switch (state.quality()) {
            case GOOD -> said;
            case NEVER_REPORTED -> "never reported";
            default -> said + " (" + state.quality().name().toLowerCase(java.util.Locale.ROOT) + ')';
        };
    }

    /** One line for what is asked. */
    String request(Request request) {
        if (request instanceof Request.SetPoint set) {
            String parameters = arguments(set.device(), set.parameters());
            return point(set.point()) + " = " + value(spec(set.point()), set.value())
                    + (parameters.isEmpty() ? "" : " with " + parameters);
        } else if (request instanceof Request.CallAction call) {
            return device(call.device()) + '.' + call.action() + '(' + arguments(call.device(), call.arguments()) + ')';
        } else if (request instanceof Request.Relinquish release) {
            return "release " + point(release.point());
        }
        return "read " + device(request.device());
    }

    String arguments(DeviceId device, Map<String, Value> arguments) {
        return new TreeMap<>(arguments)
                .entrySet().stream()
                        .map(e -> e.getKey() + ' ' + value(spec(new PointId(device, e.getKey())), e.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private @Nullable ValueSpec spec(PointId id) {
        return house.model().point(id).map(PointSpec::value).orElse(null);
    }

    private static String value(@Nullable ValueSpec spec, Value value) {
        if (value instanceof Bool bool && spec != null && spec.options().size() == 2) {
            return spec.word(bool);
        }
        if (value instanceof Quantity quantity) {
            double rounded = Math.round(quantity.number() * 100) / 100.0;
            return new Quantity(rounded, quantity.unit()).toString();
        }
        return value.toString();
    }
}
