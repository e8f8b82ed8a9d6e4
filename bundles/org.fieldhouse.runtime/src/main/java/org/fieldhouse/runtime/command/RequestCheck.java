package org.fieldhouse.runtime.command;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.Refresh;
import org.fieldhouse.api.command.Request.Relinquish;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.config.DidYouMean;

/** Checks a request against what the device says of itself, and puts its values into the device's units. Pure. */
public final class RequestCheck {
    /** As the rule language: what is meant to stand longer stands for ever. */
    public static final Duration LONGEST_HOLD = Duration.ofDays(3_653);

    private final DeviceInfo device;

    RequestCheck(DeviceInfo device) {
        this.device = device;
    }

    /** The same request in the device's units. */
    Request check(Request request) throws CommandRefusedException {
        if (request instanceof SetPoint set) {
            return set(set);
        }
        if (request instanceof CallAction call) {
            return call(call);
        }
        if (request instanceof Relinquish relinquish) {
            writable(relinquish.point().point());
            return relinquish;
        }
        Refresh refresh = (Refresh) request;
        PointSpec point = point(refresh.point().point());
        if (!point.access().readable()) {
            throw new CommandRefusedException(full(point.name()) + " cannot be read");
        }
        return refresh;
    }

    private SetPoint set(SetPoint set) throws CommandRefusedException {
        PointSpec point = writable(set.point().point());
        Duration hold = set.hold();
        if (hold != null && hold.compareTo(LONGEST_HOLD) > 0) {
            throw new CommandRefusedException("a hold is at most ten years; without end it is zero");
        }
        Value value = fit(() -> full(point.name()), point.value(), set.value());
        Map<String, Value> parameters = Map.of();
        if (!set.parameters().isEmpty() || !point.parameters().isEmpty()) {
            parameters = parameters(point, set.parameters());
        }
        return new SetPoint(set.point(), value, set.slot(), set.hold(), parameters);
    }

    private Map<String, Value> parameters(PointSpec point, Map<String, Value> given) throws CommandRefusedException {
        Map<String, Value> out = new HashMap<>();
        for (Map.Entry<String, Value> entry : given.entrySet()) {
            String name = entry.getKey();
            Optional<ArgumentSpec> declared = find(point.parameters(), name);
            if (declared.isPresent()) {
                out.put(
                        name,
                        fit(
                                () -> full(point.name()) + " with " + name,
                                declared.get().value(),
                                entry.getValue()));
            } else if (!name.equals(point.name())
                    && device.description().point(name).isPresent()) {
                out.put(name, fit(() -> full(name), writable(name).value(), entry.getValue()));
            } else {
                Set<String> known = new HashSet<>(names(point.parameters()));
                device.description().points().stream()
                        .filter(p -> p.access().writable() && !p.name().equals(point.name()))
                        .forEach(p -> known.add(p.name()));
                throw new CommandRefusedException(
                        full(point.name()) + " takes no '" + name + "'" + DidYouMean.hint(name, known));
            }
        }
        required(full(point.name()), point.parameters(), out);
        return out;
    }

    private CallAction call(CallAction call) throws CommandRefusedException {
        ActionSpec action = action(call.action());
        Map<String, Value> out = new HashMap<>();
        for (Map.Entry<String, Value> entry : call.arguments().entrySet()) {
            ArgumentSpec declared = find(action.arguments(), entry.getKey())
                    .orElseThrow(() -> new CommandRefusedException(full(action.name()) + " takes no '" + entry.getKey()
                            + "'" + DidYouMean.hint(entry.getKey(), names(action.arguments()))));
            out.put(
                    entry.getKey(),
                    fit(() -> full(action.name()) + " with " + entry.getKey(), declared.value(), entry.getValue()));
        }
        required(full(action.name()), action.arguments(), out);
        return new CallAction(call.device(), call.action(), out);
    }

    ActionSpec action(String name) throws CommandRefusedException {
        return device.description()
                .action(name)
                .orElseThrow(() -> new CommandRefusedException(called() + " has no action '" + name + "'"
                        + DidYouMean.hint(
                                name,
                                device.description().actions().stream()
                                        .map(ActionSpec::name)
                                        .toList())));
    }

    PointSpec point(String name) throws CommandRefusedException {
        return device.description()
                .point(name)
                .orElseThrow(() -> new CommandRefusedException(called() + " has no point '" + name + "'"
                        + DidYouMean.hint(
                                name,
                                device.description().points().stream()
                                        .map(PointSpec::name)
                                        .toList())));
    }

    private PointSpec writable(String name) throws CommandRefusedException {
        PointSpec point = point(name);
        if (!point.access().writable()) {
            throw new CommandRefusedException(full(name) + " can only be read");
        }
        return point;
    }

    private static Value fit(Supplier<String> what, ValueSpec spec, Value value) throws CommandRefusedException {
        Optional<String> why = spec.violation(value);
        if (why.isPresent()) {
            throw new CommandRefusedException(what.get() + ": " + why.get());
        }
        return spec.normalize(value);
    }

    private static void required(String what, List<ArgumentSpec> specs, Map<String, Value> given)
            throws CommandRefusedException {
        for (ArgumentSpec spec : specs) {
            if (spec.required() && !given.containsKey(spec.name())) {
                throw new CommandRefusedException(
                        what + " needs '" + spec.name() + "' (" + spec.value().describe() + ")");
            }
        }
    }

    private static Optional<ArgumentSpec> find(List<ArgumentSpec> specs, String name) {
        return specs.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    private static List<String> names(List<ArgumentSpec> specs) {
        return specs.stream().map(ArgumentSpec::name).toList();
    }

    private String full(String member) {
        return called() + "." + member;
    }

    private String called() {
        return Names.quoted(device.name());
    }
}
