package org.fieldhouse.binding.mqtt.topics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.fieldhouse.binding.mqtt.json.JsonPointer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a {@code topics} device.
 *
 * @param description what the device says of itself
 * @param points in the order written
 * @param events in the order written
 * @param availability where it says whether it is there; null if nowhere
 */
public record TopicsCodec(
        DeviceDescription description,
        List<PointMapping> points,
        List<EventMapping> events,
        @Nullable Availability availability) {

    /** What kind of value a point has, as written: {@code type: number}. */
    private enum Kind {
        NUMBER,
        ONOFF,
        CHOICE,
        TEXT,
        TIME,
        COLOUR
    }

    /**
     * @param topic to subscribe to
     * @param pointer where in the JSON payload; null if the payload is the word
     * @param online the word for present
     * @param offline the word for absent
     */
    public record Availability(String topic, @Nullable JsonPointer pointer, String online, String offline) {}

    public TopicsCodec {
        points = List.copyOf(points);
        events = List.copyOf(events);
    }

    /** @throws SettingsException with file, line and column of what cannot be used */
    public static TopicsCodec read(Settings s) throws SettingsException {
        int qos = (int) s.integer("qos", 0, 2, 0);
        Map<String, PointMapping> points = new LinkedHashMap<>();
        for (Settings p : s.sections("points")) {
            PointMapping mapping = point(p, qos);
            if (points.put(mapping.spec().name(), mapping) != null) {
                throw p.problem("name", "'" + mapping.spec().name() + "' is there twice");
            }
        }
        List<EventMapping> events = new ArrayList<>();
        for (Settings e : s.sections("events")) {
            events.add(event(e, qos));
        }
        if (points.isEmpty() && events.isEmpty()) {
            throw s.problem("", "a 'topics' device needs 'points' or 'events'");
        }
        Availability availability = s.has("availability") ? availability(s.section("availability")) : null;
        String main = s.text(
                "main", points.isEmpty() ? "" : points.keySet().iterator().next());
        if (!main.isEmpty() && !points.containsKey(main)) {
            throw s.problem("main", "'" + main + "' is not one of the points " + String.join(", ", points.keySet()));
        }
        Map<String, EventSpec> specs = new LinkedHashMap<>();
        events.forEach(e -> specs.putIfAbsent(e.name(), e.spec()));
        DeviceDescription description = new DeviceDescription(
                s.text("kind", "topics"),
                points.values().stream().map(PointMapping::spec).toList(),
                List.of(),
                List.copyOf(specs.values()),
                main.isEmpty() ? null : main,
                Map.of());
        return new TopicsCodec(description, List.copyOf(points.values()), events, availability);
    }

    private static PointMapping point(Settings s, int deviceQos) throws SettingsException {
        String name = memberName(s);
        ValueSpec value = value(s);
        String state = s.has("topic") ? filter(s, "topic") : "";
        String command = s.has("command") ? topic(s, "command") : "";
        if (state.isEmpty() && command.isEmpty()) {
            throw s.problem("", "point '" + name + "' needs a 'topic' to be read from or a 'command' to be written to");
        }
        int qos = (int) s.integer("qos", 0, 2, deviceQos);
        double scale = s.number("scale", -1e12, 1e12, 1);
        if (scale == 0) {
            throw s.problem("scale", "'scale' is not 0");
        }
        double offset = s.number("offset", -1e12, 1e12, 0);
        @Nullable String on = s.has("on") ? s.text("on") : null;
        @Nullable String off = s.has("off") ? s.text("off") : null;
        Map<String, String> wireToOption = wireToOption(s);
        JsonPointer pointer = pointer(s);
        PointMapping.Source source = state.isEmpty()
                ? null
                : new PointMapping.Source(
                        state, qos, new ValueDecoder(value, pointer, scale, offset, on, off, wireToOption));
        String template = s.text("template", "{value}");
        boolean retain = s.flag("retain", false);
        PointMapping.Target target = null;
        if (!command.isEmpty()) {
            if (!template.contains("{value}") && !template.contains("{json}")) {
                throw s.problem("template", "'template' has {value} or {json} where the value goes");
            }
            Map<String, String> optionToWire = new HashMap<>();
            wireToOption.forEach((wire, option) -> optionToWire.putIfAbsent(option, wire));
            ValueEncoder encoder = new ValueEncoder(
                    value, scale, offset, on == null ? "ON" : on, off == null ? "OFF" : off, optionToWire);
            target = new PointMapping.Target(command, template, qos, retain, encoder);
        }
        return new PointMapping(spec(s, name, value, source != null, target != null), source, target);
    }

    private static PointSpec spec(Settings s, String name, ValueSpec value, boolean read, boolean write)
            throws SettingsException {
        Access access = !write ? Access.READ : read ? Access.READ_WRITE : Access.WRITE;
        PointSpec.Feedback feedback = s.choice(
                "feedback", PointSpec.Feedback.class, read ? PointSpec.Feedback.REPORT : PointSpec.Feedback.NONE);
        if (feedback == PointSpec.Feedback.EXPLICIT || feedback == PointSpec.Feedback.REPORT && !read) {
            throw s.problem("feedback", "'feedback' is none, or report for a point with a 'topic'");
        }
        Category category = s.choice(
                "category", Category.class, write || value.unit() == null ? Category.STATE : Category.MEASUREMENT);
        PointSpec spec = new PointSpec(name, value, access, category, null, feedback, List.of(), s.text("title", ""));
        return s.has("max-age") ? spec.withMaxAge(s.duration("max-age")) : spec;
    }

    private static ValueSpec value(Settings s) throws SettingsException {
        Kind guess = s.has("unit") || s.has("scale")
                ? Kind.NUMBER
                : s.has("on") || s.has("off") || s.has("words")
                        ? Kind.ONOFF
                        : s.has("choices") ? Kind.CHOICE : Kind.NUMBER;
        Kind kind = s.choice("type", Kind.class, guess);
        return switch (kind) {
            case NUMBER -> number(s);
            case ONOFF -> onOff(s);
            case CHOICE -> ValueSpec.choice(options(s));
            case TEXT -> ValueSpec.TEXT;
            case TIME -> ValueSpec.MOMENT;
            case COLOUR -> ValueSpec.COLOUR;
        };
    }

    private static ValueSpec number(Settings s) throws SettingsException {
        String symbol = s.text("unit", "");
        Optional<Unit> unit = Units.find(symbol);
        if (unit.isEmpty()) {
            throw s.problem("unit", "unknown unit '" + symbol + "'; known are " + String.join(", ", Units.symbols()));
        }
        @Nullable Double min = s.has("min") ? (Double) s.number("min", -1e300, 1e300) : null;
        @Nullable Double max = s.has("max") ? (Double) s.number("max", -1e300, 1e300) : null;
        @Nullable Double step = s.has("step") ? (Double) s.number("step", 1e-12, 1e300) : null;
        try {
            return new ValueSpec(org.fieldhouse.api.value.ValueKind.QUANTITY, unit.get(), min, max, step, List.of());
        } catch (IllegalArgumentException e) {
            throw s.problem("min", String.valueOf(e.getMessage()));
        }
    }

    private static ValueSpec onOff(Settings s) throws SettingsException {
        List<String> words = s.texts("words");
        if (!words.isEmpty() && words.size() != 2) {
            throw s.problem("words", "'words' are the two words [off, on], such as [closed, open]");
        }
        return words.isEmpty() ? ValueSpec.ON_OFF : ValueSpec.bool(words.get(0), words.get(1));
    }

    private static List<String> options(Settings s) throws SettingsException {
        List<String> options = wireToOption(s).values().stream().distinct().toList();
        if (options.isEmpty()) {
            throw s.problem(
                    "choices", "a choice needs 'choices': a list, or a map from what is on the wire to the option");
        }
        return options;
    }

    /** {@code choices} as a list (the wire says the option) or a map (wire: option). */
    private static Map<String, String> wireToOption(Settings s) throws SettingsException {
        Map<String, String> out = new LinkedHashMap<>();
        if (!s.has("choices")) {
            return out;
        }
        try {
            s.texts("choices").forEach(c -> out.put(c, c));
        } catch (SettingsException notAList) {
            Settings map = s.section("choices");
            for (String wire : map.keys().stream().sorted().toList()) {
                out.put(wire, map.text(wire));
            }
        }
        for (String option : out.values()) {
            if (option.isEmpty() || option.length() > 256) {
                throw s.problem("choices", "an option has 1 to 256 characters");
            }
        }
        return out;
    }

    private static EventMapping event(Settings s, int deviceQos) throws SettingsException {
        String name = memberName(s);
        List<EventMapping.Argument> arguments = new ArrayList<>();
        for (Settings a : s.sections("arguments")) {
            ValueSpec value = value(a);
            arguments.add(new EventMapping.Argument(
                    memberName(a),
                    new ValueDecoder(
                            value,
                            pointer(a),
                            a.number("scale", -1e12, 1e12, 1),
                            a.number("offset", -1e12, 1e12, 0),
                            a.has("on") ? a.text("on") : null,
                            a.has("off") ? a.text("off") : null,
                            wireToOption(a))));
        }
        return new EventMapping(
                name,
                filter(s, "topic"),
                (int) s.integer("qos", 0, 2, deviceQos),
                pointer(s),
                s.has("equals") ? s.text("equals") : null,
                arguments);
    }

    private static Availability availability(Settings s) throws SettingsException {
        return new Availability(
                filter(s, "topic"), pointer(s), s.text("online", "online"), s.text("offline", "offline"));
    }

    private static String memberName(Settings s) throws SettingsException {
        String name = s.text("name");
        if (!Names.isMemberName(name)) {
            throw s.problem(
                    "name",
                    "'" + name + "' starts with a lower-case letter, then letters, digits, _; for instance "
                            + Names.toMemberName(name));
        }
        return name;
    }

    private static @Nullable JsonPointer pointer(Settings s) throws SettingsException {
        if (!s.has("pointer")) {
            return null;
        }
        try {
            return JsonPointer.of(s.text("pointer"));
        } catch (IllegalArgumentException e) {
            throw s.problem("pointer", String.valueOf(e.getMessage()));
        }
    }

    private static String topic(Settings s, String key) throws SettingsException {
        return checked(s, key, TopicFilter.topicFault(s.text(key)));
    }

    private static String filter(Settings s, String key) throws SettingsException {
        return checked(s, key, TopicFilter.filterFault(s.text(key)));
    }

    private static String checked(Settings s, String key, Optional<String> fault) throws SettingsException {
        if (fault.isPresent()) {
            throw s.problem(key, "'" + s.text(key) + "': " + fault.get());
        }
        return s.text(key);
    }
}
