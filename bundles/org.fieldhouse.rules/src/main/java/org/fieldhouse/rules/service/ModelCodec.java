package org.fieldhouse.rules.service;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.rules.engine.StateInput;
import org.fieldhouse.rules.engine.StateOutput;
import org.jspecify.annotations.Nullable;

/** The devices that a program was checked against, as bytes, so that it can be made again after a restart. */
final class ModelCodec {
    private ModelCodec() {}

    static void write(HouseModel model, StateOutput out) {
        out.small(model.devices().size());
        for (DeviceInfo device : model.devices()) {
            out.text(device.id().value());
            out.text(device.name());
            out.text(device.binding());
            out.text(device.area());
            texts(List.copyOf(new TreeSet<>(device.tags())), out);
            DeviceDescription d = device.description();
            out.text(d.type());
            out.small(d.points().size());
            for (PointSpec point : d.points()) {
                point(point, out);
            }
            out.small(d.actions().size());
            for (ActionSpec action : d.actions()) {
                out.text(action.name());
                arguments(action.arguments(), out);
                out.flag(action.repeatable());
            }
            out.small(d.events().size());
            for (EventSpec event : d.events()) {
                out.text(event.name());
                arguments(event.arguments(), out);
            }
            String main = d.mainPoint();
            out.text(main == null ? "" : main);
        }
        out.small(model.functions().size());
        for (FunctionSpec function : model.functions()) {
            function(function, out);
        }
    }

    private static void function(FunctionSpec function, StateOutput out) {
        out.text(function.name());
        arguments(function.parameters(), out);
        ValueSpec result = function.result();
        out.flag(result != null);
        if (result != null) {
            value(result, out);
        }
        out.small(function.kind().ordinal());
        out.number(function.timeout().toNanos());
        out.flag(function.repeatable());
    }

    private static FunctionSpec function(StateInput in) throws IOException {
        String name = in.text();
        List<ArgumentSpec> parameters = arguments(in);
        ValueSpec result = in.flag() ? value(in) : null;
        FunctionSpec.Kind kind = FunctionSpec.Kind.values()[in.small()];
        return new FunctionSpec(name, parameters, result, kind, Duration.ofNanos(in.number()), in.flag(), "");
    }

    private static void point(PointSpec point, StateOutput out) {
        out.text(point.name());
        value(point.value(), out);
        out.small(point.access().ordinal());
        out.small(point.category().ordinal());
        Duration age = point.maxAge();
        out.number(age == null ? 0 : age.toNanos());
        out.small(point.feedback().ordinal());
        arguments(point.parameters(), out);
    }

    private static void arguments(List<ArgumentSpec> all, StateOutput out) {
        out.small(all.size());
        for (ArgumentSpec each : all) {
            out.text(each.name());
            value(each.value(), out);
            out.flag(each.required());
        }
    }

    private static void value(ValueSpec spec, StateOutput out) {
        out.small(spec.kind().ordinal());
        Unit unit = spec.unit();
        if (unit != null) {
            out.unit(unit);
        }
        optional(spec.min(), out);
        optional(spec.max(), out);
        optional(spec.step(), out);
        texts(spec.options(), out);
    }

    private static void optional(@Nullable Double value, StateOutput out) {
        out.flag(value != null);
        out.real(value == null ? 0 : value);
    }

    private static void texts(List<String> all, StateOutput out) {
        out.small(all.size());
        for (String each : all) {
            out.text(each);
        }
    }

    static HouseModel read(StateInput in) throws IOException {
        List<DeviceInfo> devices = new ArrayList<>();
        try {
            for (int i = in.count(); i > 0; i--) {
                devices.add(device(in));
            }
            List<FunctionSpec> functions = new ArrayList<>();
            for (int i = in.count(); i > 0; i--) {
                functions.add(function(in));
            }
            return new HouseModel(devices, functions);
        } catch (RuntimeException e) {
            throw new IOException("devices that cannot be: " + e.getMessage(), e);
        }
    }

    private static DeviceInfo device(StateInput in) throws IOException {
        DeviceId id = new DeviceId(in.text());
        String name = in.text();
        String binding = in.text();
        String area = in.text();
        Set<String> tags = new HashSet<>(texts(in));
        String type = in.text();
        List<PointSpec> points = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            points.add(point(in));
        }
        List<ActionSpec> actions = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            actions.add(new ActionSpec(in.text(), arguments(in), in.flag(), ""));
        }
        List<EventSpec> events = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            events.add(new EventSpec(in.text(), arguments(in), ""));
        }
        String main = in.text();
        DeviceDescription description =
                new DeviceDescription(type, points, actions, events, main.isEmpty() ? null : main, Map.of());
        return new DeviceInfo(id, name, binding, null, area, tags, description, Status.ONLINE);
    }

    private static PointSpec point(StateInput in) throws IOException {
        String name = in.text();
        ValueSpec value = value(in);
        Access access = Access.values()[in.small()];
        Category category = Category.values()[in.small()];
        long age = in.number();
        PointSpec.Feedback feedback = PointSpec.Feedback.values()[in.small()];
        return new PointSpec(
                name, value, access, category, age == 0 ? null : Duration.ofNanos(age), feedback, arguments(in), "");
    }

    private static List<ArgumentSpec> arguments(StateInput in) throws IOException {
        List<ArgumentSpec> all = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            all.add(new ArgumentSpec(in.text(), value(in), in.flag()));
        }
        return all;
    }

    private static ValueSpec value(StateInput in) throws IOException {
        ValueKind kind = ValueKind.values()[in.small()];
        Unit unit = kind == ValueKind.QUANTITY ? in.unit() : null;
        return new ValueSpec(kind, unit, optional(in), optional(in), optional(in), texts(in));
    }

    private static @Nullable Double optional(StateInput in) throws IOException {
        boolean there = in.flag();
        double value = in.real();
        return there ? value : null;
    }

    private static List<String> texts(StateInput in) throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            all.add(in.text());
        }
        return all;
    }
}
