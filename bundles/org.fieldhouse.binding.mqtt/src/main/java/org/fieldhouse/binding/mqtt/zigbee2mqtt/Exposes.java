package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.binding.mqtt.codec.Gesture;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.codec.WireUnits;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * From the {@code exposes} of a device's definition to points, actions and events (Zigbee2MQTT guide, "Exposes"). The table of
 * names is in README.md. An expose that cannot be used is left out and named in {@link #notes()}. Not thread-safe; pure.
 */
final class Exposes {
    private static final int PUBLISHED = 1;
    private static final int SETTABLE = 2;
    private static final int GETTABLE = 4;
    private static final double FULL_BRIGHTNESS = 254;
    /** Finer than one of the 254 steps of a lamp, so that half per cents come back as they were asked. */
    private static final double BRIGHTNESS_GRAIN = 0.5;

    private static final String ACTION_DETAIL = "action_";
    /** How a closed contact is said. */
    private static final Set<Object> MADE = Set.of(true, "ON");

    private static final int MAX_POINTS = 500;
    private static final ArgumentSpec FADE = new ArgumentSpec("fade", ValueSpec.quantity(Units.SECOND, 0, 6553), false);

    private static final Map<String, String> CLIMATE_NAMES = Map.of(
            "local_temperature", "temperature",
            "occupied_heating_setpoint", "setpoint",
            "current_heating_setpoint", "setpoint",
            "occupied_cooling_setpoint", "cooling_setpoint",
            "current_cooling_setpoint", "cooling_setpoint",
            "system_mode", "mode");
    private static final Set<String> DIAGNOSTIC =
            Set.of("linkquality", "battery", "battery_low", "device_temperature", "update_available");

    private final boolean member;
    private final Map<String, Property> points = new LinkedHashMap<>();
    private final Map<String, ActionSpec> actions = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> actionFrames = new LinkedHashMap<>();
    private final Set<String> actionKeys = new LinkedHashSet<>();
    private final Map<String, EventSpec> events = new LinkedHashMap<>();
    private final List<String> actionValues = new ArrayList<>();
    private final List<ArgumentSpec> actionArguments = new ArrayList<>();
    private final List<Expose> details = new ArrayList<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final Set<String> kinds = new LinkedHashSet<>();

    /** One entry of {@code exposes} or {@code features}, with easy access. */
    private record Expose(Map<String, @Nullable Object> json) {
        String text(String key) {
            return json.get(key) instanceof String s ? s : "";
        }

        int access() {
            return json.get("access") instanceof Number n ? n.intValue() : PUBLISHED;
        }

        @Nullable
        Double number(String key) {
            return json.get(key) instanceof Number n ? n.doubleValue() : null;
        }

        String key() {
            return text("property").isEmpty() ? text("name") : text("property");
        }

        String endpoint() {
            return text("endpoint").isEmpty() ? "" : "_" + text("endpoint");
        }
    }

    /** @param exposes the list as it stands in the definition */
    Exposes(@Nullable Object exposes) {
        this(exposes, false);
    }

    /** @param member whether it is a member of a composite, which is never an action by itself */
    private Exposes(@Nullable Object exposes, boolean member) {
        this.member = member;
        each(exposes, e -> {
            if (isActionDetail(e)) {
                details.add(e);
            } else {
                add(e, "");
            }
        });
        if (actionKeys.isEmpty()) {
            details.forEach(e -> each(List.of(e.json()), detail -> add(detail, "")));
        } else {
            details.forEach(this::argument);
            describeEvents();
        }
    }

    private interface Taker {
        void take(Expose e);
    }

    private void each(@Nullable Object list, Taker taker) {
        for (Object item : Json.items(list)) {
            Map<String, @Nullable Object> json = Json.object(item);
            if (json == null) {
                continue;
            }
            Expose e = new Expose(json);
            try {
                taker.take(e);
            } catch (IllegalArgumentException unusable) {
                notes.put("not used: " + e.key(), String.valueOf(unusable.getMessage()));
            }
        }
    }

    private void add(Expose e, String parent) {
        String type = e.text("type");
        switch (type) {
            case "light", "switch", "fan", "cover", "lock", "climate" -> {
                kinds.add(type);
                each(e.json().get("features"), f -> add(f, type));
            }
            case "composite" -> composite(e, parent);
            case "binary" -> binary(e, parent);
            case "numeric" -> numeric(e, parent);
            case "enum" -> enumerated(e, parent);
            case "text" -> {
                if (isAction(e)) {
                    actionKeys.add(e.key());
                } else {
                    put(e, parent, ValueSpec.TEXT, new Coding.Textual());
                }
            }
            case "list" -> put(e, parent, ValueSpec.TEXT, new Coding.Structured());
            default -> throw new IllegalArgumentException("unknown type '" + type + "'");
        }
    }

    private void composite(Expose e, String parent) {
        String name = e.text("name");
        if (name.equals("color_xy") || name.equals("color_hs")) {
            Property known = points.get("color" + e.endpoint());
            if (known == null) {
                String point = "color" + e.endpoint();
                PointSpec spec = spec(point, ValueSpec.COLOUR, e, parent);
                put(new Property(
                        spec.withParameters(List.of(FADE)),
                        e.key(),
                        "",
                        new Coding.Coloured(name.equals("color_hs")),
                        gettable(e)));
            }
            return;
        }
        each(e.json().get("features"), feature -> part(e, feature));
    }

    /** What comes with an action to tell more of it: {@code action_zone}, {@code action_transition_time}. */
    private boolean isActionDetail(Expose e) {
        return !member
                && e.key().startsWith(ACTION_DETAIL)
                && switch (e.text("type")) {
                    case "numeric", "text", "enum" -> !isAction(e);
                    default -> false;
                };
    }

    private void argument(Expose e) {
        String name = Names.toMemberName(e.key().substring(ACTION_DETAIL.length()));
        ValueSpec value = e.text("type").equals("numeric") ? ValueSpec.quantity(Unit.ONE) : ValueSpec.TEXT;
        if (actionArguments.stream().noneMatch(a -> a.name().equals(name))) {
            actionArguments.add(new ArgumentSpec(name, value, false));
        }
    }

    /** A member of a composite: a point of its own, which is written together with its siblings. */
    private void part(Expose whole, Expose feature) {
        Exposes one = new Exposes(List.of(feature.json()), true);
        boolean single = one.points.values().stream().allMatch(p -> p.part().isEmpty());
        if (!single) {
            // Composites in composites are shown and written as JSON.
            String point = Names.toMemberName(whole.key() + "_" + feature.key());
            PointSpec spec = spec(point, ValueSpec.TEXT, feature, "");
            put(new Property(spec, whole.key(), feature.key(), new Coding.Structured(), gettable(whole)));
            return;
        }
        one.points.values().forEach(p -> {
            String point = Names.toMemberName(whole.key() + "_" + p.spec().name());
            PointSpec s = p.spec();
            put(new Property(
                    new PointSpec(point, s.value(), s.access(), s.category(), null, s.feedback(), List.of(), s.title()),
                    whole.key(),
                    p.key(),
                    p.coding(),
                    gettable(whole)));
        });
        notes.putAll(one.notes);
    }

    private void binary(Expose e, String parent) {
        Object on = e.json().get("value_on");
        Object off = e.json().get("value_off");
        if (on == null || off == null) {
            on = true;
            off = false;
        }
        if (e.text("name").equals("contact") && MADE.contains(on)) {
            // A contact that is made is closed, whichever of the two the definition calls "on".
            Object made = on;
            on = off;
            off = made;
        }
        String point = pointName(e, parent, true);
        ValueSpec words = parent.equals("lock") && e.text("name").equals("state")
                ? ValueSpec.bool("unlocked", "locked")
                : e.text("name").equals("contact") ? ValueSpec.bool("closed", "open") : ValueSpec.ON_OFF;
        put(new Property(
                spec(point, words, e, parent), e.key(), "", new Coding.TwoValued(on, off, List.of()), gettable(e)));
        if (e.json().get("value_toggle") instanceof String toggle && settable(e)) {
            action("toggle" + e.endpoint(), Map.of(e.key(), toggle), false);
        }
    }

    private void numeric(Expose e, String parent) {
        String name = e.text("name");
        if (parent.equals("light") && name.equals("brightness")) {
            double max = Optional.ofNullable(e.number("value_max")).orElse(FULL_BRIGHTNESS);
            ValueSpec percent = ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(BRIGHTNESS_GRAIN);
            put(e, parent, percent, new Coding.Numeric(Units.PERCENT, 100 / max, BRIGHTNESS_GRAIN, true));
            return;
        }
        Double coldest = e.number("value_min");
        // A scale that begins at 0 is the maker's own, not one of mired.
        if ((name.equals("color_temp") || name.equals("color_temp_startup")) && (coldest == null || coldest >= 1)) {
            Double warmest = e.number("value_max");
            ValueSpec kelvin = coldest == null || warmest == null || warmest > Coding.Mired.MAX || warmest < coldest
                    ? ValueSpec.quantity(Units.KELVIN)
                    : ValueSpec.quantity(Units.KELVIN, Coding.Mired.kelvin(warmest), Coding.Mired.kelvin(coldest));
            put(e, parent, kelvin.withStep(Coding.Mired.GRAIN), new Coding.Mired());
            presets(e);
            return;
        }
        String symbol = e.text("unit");
        Unit said = WireUnits.find(symbol).orElse(Unit.ONE);
        if (WireUnits.find(symbol).isEmpty()) {
            notes.put("unit of " + e.key(), symbol);
        }
        boolean difference = WireUnits.isDifference(e.key(), said);
        Unit unit = difference ? Units.difference(said) : said;
        double factor = difference ? said.factor() : 1;
        put(e, parent, range(e, unit, factor), new Coding.Numeric(unit, factor, 0, false));
        presets(e);
    }

    private static ValueSpec range(Expose e, Unit unit, double factor) {
        Double min = scaled(e.number("value_min"), factor);
        Double max = scaled(e.number("value_max"), factor);
        Double step = scaled(e.number("value_step"), factor);
        boolean usable = min == null || max == null || min <= max;
        return new ValueSpec(
                ValueKind.QUANTITY,
                unit,
                usable ? min : null,
                usable ? max : null,
                step != null && step > 0 ? step : null,
                List.of());
    }

    private static @Nullable Double scaled(@Nullable Double number, double factor) {
        return number == null ? null : (Double) (number * factor);
    }

    private void presets(Expose e) {
        List<String> all = new ArrayList<>();
        for (Object item : Json.items(e.json().get("presets"))) {
            Map<String, @Nullable Object> preset = Json.object(item);
            if (preset != null) {
                all.add(Scalars.text(preset.get("name")) + " " + Scalars.text(preset.get("value")));
            }
        }
        if (!all.isEmpty()) {
            notes.put("presets of " + e.key(), String.join(", ", all));
        }
    }

    private boolean isAction(Expose e) {
        return !member && (e.text("name").equals("action") || e.key().equals("action"));
    }

    private void enumerated(Expose e, String parent) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (Object o : Json.items(e.json().get("values"))) {
            if (o != null && !Scalars.text(o).isEmpty()) {
                options.put(Scalars.text(o), o);
            }
        }
        if (isAction(e)) {
            actionKeys.add(e.key());
            actionValues.addAll(options.keySet());
            return;
        }
        if (parent.equals("cover") && e.text("name").equals("state")) {
            put(e, parent, ValueSpec.bool("closed", "open"), new Coding.TwoValued("OPEN", "CLOSE", List.of("STOP")));
            action("stop" + e.endpoint(), Map.of(e.key(), "STOP"), true);
            return;
        }
        boolean pressed =
                options.isEmpty() && Json.items(e.json().get("values")).contains("");
        if (pressed && !member && e.access() == SETTABLE) {
            action(Names.toMemberName(e.key()), Map.of(e.key(), ""), false);
            return;
        }
        if (options.isEmpty()) {
            throw new IllegalArgumentException("an enum without values");
        }
        if (options.size() == 1 && !member && e.access() == SETTABLE) {
            action(
                    Names.toMemberName(e.key()),
                    Map.of(e.key(), options.values().iterator().next()),
                    false);
            return;
        }
        put(e, parent, ValueSpec.choice(List.copyOf(options.keySet())), new Coding.Enumerated(options));
    }

    private void action(String name, Map<String, Object> frame, boolean repeatable) {
        String member = Names.toMemberName(name);
        actions.put(member, new ActionSpec(member, List.of(), repeatable, ""));
        actionFrames.put(member, frame);
    }

    private void put(Expose e, String parent, ValueSpec value, Coding coding) {
        boolean binary = value.kind() == ValueKind.BOOL;
        PointSpec spec = spec(pointName(e, parent, binary), value, e, parent);
        boolean fades = parent.equals("light") && settable(e);
        put(new Property(fades ? spec.withParameters(List.of(FADE)) : spec, e.key(), "", coding, gettable(e)));
    }

    private void put(Property property) {
        if (points.size() >= MAX_POINTS) {
            throw new IllegalArgumentException("more than " + MAX_POINTS + " points");
        }
        PointSpec spec = property.spec();
        String name = spec.name();
        Property first = points.get(name);
        if (first != null && first.samePlace(property)) {
            // Some definitions list a value twice, for reading and for writing.
            points.put(name, spec.access() == Access.READ_WRITE ? property : first);
            return;
        }
        for (int n = 2; points.containsKey(name); n++) {
            name = spec.name() + "_" + n;
        }
        points.put(
                name,
                property.withSpec(new PointSpec(
                        name,
                        spec.value(),
                        spec.access(),
                        spec.category(),
                        spec.maxAge(),
                        spec.feedback(),
                        spec.parameters(),
                        spec.title())));
    }

    private static String pointName(Expose e, String parent, boolean binary) {
        String name = e.text("name").isEmpty() ? e.key() : e.text("name");
        String plain =
                switch (parent) {
                    case "light", "switch", "fan" ->
                        name.equals("state") ? "onoff" : name.equals("mode") ? "fan_mode" : name;
                    case "cover" -> name.equals("state") ? "open" : name;
                    case "lock" -> name.equals("state") ? "locked" : name;
                    case "climate" -> CLIMATE_NAMES.getOrDefault(name, name);
                    default ->
                        name.equals("state") && binary
                                ? "onoff"
                                : name.equals("local_temperature") ? "temperature" : name;
                };
        String endpoint = e.endpoint();
        return Names.toMemberName(plain.endsWith(endpoint) ? plain : plain + endpoint);
    }

    private PointSpec spec(String point, ValueSpec value, Expose e, String parent) {
        boolean read = (e.access() & (PUBLISHED | GETTABLE)) != 0 || e.access() == 0;
        Access access = !settable(e) ? Access.READ : read ? Access.READ_WRITE : Access.WRITE;
        PointSpec.Feedback feedback = read ? PointSpec.Feedback.REPORT : PointSpec.Feedback.NONE;
        String title = e.text("label").isEmpty() ? e.text("description") : e.text("label");
        return new PointSpec(point, value, access, category(point, value, e, parent), null, feedback, List.of(), title);
    }

    private static Category category(String point, ValueSpec value, Expose e, String parent) {
        String said = e.text("category");
        if (said.equals("config")) {
            return Category.CONFIGURATION;
        }
        if (said.equals("diagnostic") || DIAGNOSTIC.contains(point)) {
            return Category.DIAGNOSTIC;
        }
        if (point.contains("setpoint")) {
            return Category.SETPOINT;
        }
        if (!settable(e)) {
            return value.kind() == ValueKind.QUANTITY ? Category.MEASUREMENT : Category.STATE;
        }
        return parent.isEmpty() && value.kind() != ValueKind.BOOL ? Category.CONFIGURATION : Category.STATE;
    }

    private static boolean settable(Expose e) {
        return (e.access() & SETTABLE) != 0;
    }

    private static boolean gettable(Expose e) {
        return (e.access() & GETTABLE) != 0;
    }

    private void describeEvents() {
        List<ArgumentSpec> arguments = new ArrayList<>();
        arguments.add(new ArgumentSpec("action", ValueSpec.TEXT, true));
        arguments.add(new ArgumentSpec("button", ValueSpec.TEXT, false));
        arguments.addAll(actionArguments);
        events.put("action", new EventSpec("action", arguments, "Any other action"));
        for (String value : actionValues) {
            String event = Gesture.of(value).event();
            events.putIfAbsent(event, new EventSpec(event, arguments, ""));
        }
    }

    List<Property> properties() {
        return List.copyOf(points.values());
    }

    List<ActionSpec> actions() {
        return List.copyOf(actions.values());
    }

    Map<String, Map<String, Object>> actionFrames() {
        return actionFrames;
    }

    List<EventSpec> events() {
        return List.copyOf(events.values());
    }

    Set<String> actionKeys() {
        return actionKeys;
    }

    /** The specific types among the exposes: {@code light}, {@code climate} … */
    Set<String> kinds() {
        return kinds;
    }

    /** Facts for people that no point carries. */
    Map<String, String> notes() {
        return notes;
    }
}
