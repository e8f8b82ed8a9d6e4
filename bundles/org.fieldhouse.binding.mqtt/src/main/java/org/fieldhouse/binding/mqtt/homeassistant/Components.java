package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.codec.Gesture;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.codec.WireUnits;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.template.Template;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.jspecify.annotations.Nullable;

/**
 * From an announced entity to points, events and actions, component by component (Home Assistant, integrations "MQTT sensor",
 * "MQTT switch" …). What is not understood makes the entity unsupported as a whole, with the reason. Pure.
 */
final class Components {
    private static final List<String> VALUE_TEMPLATE = List.of("value_template");
    private static final Map<String, String> CONVENTIONAL = Map.of(
            "door", "contact",
            "window", "contact",
            "garage_door", "contact",
            "opening", "contact",
            "motion", "occupancy",
            "occupancy", "occupancy",
            "moisture", "water_leak",
            "carbon_monoxide", "carbon_monoxide");
    private static final Set<String> TEXTS =
            Set.of("unique_id", "name", "device_class", "state_class", "unit_of_measurement", "schema");
    private static final Set<String> OPENINGS = Set.of("door", "window", "garage_door", "opening");
    private static final Set<String> TEXTUAL_CLASSES = Set.of("enum", "date", "timestamp", "uptime");

    private Components() {}

    /** What the entity is; never throws. */
    static Entity entity(EntityConfig config) {
        try {
            checkTexts(config);
            EntityBuilder b = new EntityBuilder(config);
            add(b);
            return b.build();
        } catch (TemplateException | IllegalArgumentException e) {
            return Entity.unsupported(config, String.valueOf(e.getMessage()));
        }
    }

    /** A list or an object in a text's place has no meaning, least of all that of its JSON. */
    private static void checkTexts(EntityConfig config) throws TemplateException {
        for (Map.Entry<String, @Nullable Object> e : config.json().entrySet()) {
            String key = e.getKey();
            boolean text = TEXTS.contains(key)
                    || key.endsWith("topic")
                    || key.endsWith("_template")
                    || key.startsWith("payload_");
            if (text && (e.getValue() instanceof Map || e.getValue() instanceof List)) {
                throw new TemplateException("'" + key + "' is no text: " + Scalars.shown(e.getValue()));
            }
        }
    }

    private static void add(EntityBuilder b) throws TemplateException {
        switch (b.config.component()) {
            case "binary_sensor" -> binarySensor(b);
            case "sensor" -> sensor(b);
            case "switch" -> onOff(b, "onoff");
            case "siren" -> siren(b);
            case "light" -> LightEntity.add(b);
            case "number" -> number(b);
            case "select" -> select(b);
            case "text" -> text(b);
            case "button", "scene" -> button(b);
            case "event" -> event(b);
            case "device_automation" -> trigger(b);
            case "cover", "valve" -> cover(b);
            case "lock" -> lock(b);
            case "climate" -> ClimateEntity.climate(b);
            case "fan" -> ClimateEntity.fan(b);
            case "humidifier" -> ClimateEntity.humidifier(b);
            case "update" -> update(b);
            case "device_tracker" -> tracker(b);
            case "alarm_control_panel" -> alarm(b);
            default -> throw new TemplateException("component '" + b.config.component() + "' is not supported");
        }
    }

    private static void binarySensor(EntityBuilder b) throws TemplateException {
        String kind = b.config.text("device_class", "");
        ValueSpec words = OPENINGS.contains(kind)
                ? ValueSpec.bool("closed", "open")
                : kind.equals("lock") ? ValueSpec.bool("locked", "unlocked") : ValueSpec.ON_OFF;
        String name = b.named(kind.isEmpty() ? local(b) : CONVENTIONAL.getOrDefault(kind, kind));
        b.point(Names.toMemberName(name), words)
                .maxAge(b.config.number("expire_after", 0))
                .from(
                        "state_topic",
                        VALUE_TEMPLATE,
                        b.twoWords(b.config.text("payload_on", "ON"), b.config.text("payload_off", "OFF")))
                .add();
    }

    private static String local(EntityBuilder b) {
        return Names.toMemberName(b.config.localId());
    }

    private static Unit unit(EntityBuilder b) {
        Unit said = WireUnits.find(b.config.text("unit_of_measurement", "")).orElse(Unit.ONE);
        return said.equals(Units.CELSIUS) && WireUnits.isDifference(local(b), said) ? Units.KELVIN : said;
    }

    private static void sensor(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        String kind = c.text("device_class", "");
        String name = Names.toMemberName(b.named(kind.isEmpty() || kind.equals("enum") ? local(b) : kind));
        boolean numeric = c.has("unit_of_measurement")
                || c.has("state_class")
                || !kind.isEmpty() && !TEXTUAL_CLASSES.contains(kind);
        var options = EntityBuilder.choices(c.texts("options"));
        EntityBuilder.Point point;
        if (options.isPresent()) {
            point = b.point(name, options.get())
                    .from(
                            "state_topic",
                            VALUE_TEMPLATE,
                            EntityBuilder.choice(options.get().options()));
        } else if (kind.equals("timestamp")) {
            point = b.point(name, ValueSpec.MOMENT).from("state_topic", VALUE_TEMPLATE, Scalars::moment);
        } else if (numeric) {
            point = b.point(name, ValueSpec.quantity(unit(b)))
                    .category(Category.MEASUREMENT)
                    .from("state_topic", VALUE_TEMPLATE, EntityBuilder.number(unit(b), 1));
        } else {
            point = b.point(name, ValueSpec.TEXT).from("state_topic", VALUE_TEMPLATE, EntityBuilder::text);
        }
        point.maxAge(c.number("expire_after", 0)).add();
    }

    private static void onOff(EntityBuilder b, String otherwise) throws TemplateException {
        String on = b.config.text("payload_on", "ON");
        String off = b.config.text("payload_off", "OFF");
        b.point(b.named(otherwise), ValueSpec.ON_OFF)
                .from(
                        "state_topic",
                        List.of("value_template", "state_value_template"),
                        b.twoWords(b.config.text("state_on", on), b.config.text("state_off", off)))
                .to("command_topic", "command_template", v -> Bool.ON.equals(v) ? on : off)
                .add();
    }

    /** Tone, loudness and duration are left to the template's defaults; off may have a template of its own. */
    private static void siren(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        String on = c.text("payload_on", "ON");
        String off = c.text("payload_off", "OFF");
        EntityBuilder.Point point = b.point(b.named("siren"), ValueSpec.ON_OFF)
                .from(
                        "state_topic",
                        List.of("state_value_template"),
                        b.twoWords(c.text("state_on", on), c.text("state_off", off)));
        if (c.has("command_topic")) {
            String topic = b.topic("command_topic");
            Set<String> words = Set.of("value", "tone", "volume_level", "duration");
            Template start = b.template("command_template", words);
            Template stop = c.has("command_off_template") ? b.template("command_off_template", words) : start;
            String name = b.named("siren");
            point.by(all -> {
                boolean sounds = Bool.ON.equals(all.get(name));
                Template template = sounds ? start : stop;
                Map<String, @Nullable Object> scope = new LinkedHashMap<>();
                scope.put("value", sounds ? on : off);
                return List.of(b.publication(topic, template == null ? sounds ? on : off : template.render(scope)));
            });
        }
        point.add();
    }

    private static void number(EntityBuilder b) throws TemplateException {
        String kind = b.config.text("device_class", "");
        String name = Names.toMemberName(b.named(kind.isEmpty() ? local(b) : kind));
        b.point(name, b.range(unit(b), "min", "max", 1.0, 100.0, "step"))
                .category(Category.SETPOINT)
                .from("state_topic", VALUE_TEMPLATE, EntityBuilder.number(unit(b), 1))
                .to("command_topic", "command_template", EntityBuilder::wire)
                .add();
    }

    private static void select(EntityBuilder b) throws TemplateException {
        ValueSpec options = EntityBuilder.choices(b.config.texts("options"))
                .orElseThrow(() -> new IllegalArgumentException("a select without options"));
        b.point(b.named(local(b)), options)
                .from("state_topic", VALUE_TEMPLATE, EntityBuilder.choice(options.options()))
                .to("command_topic", "command_template", EntityBuilder::wire)
                .add();
    }

    private static void text(EntityBuilder b) throws TemplateException {
        b.point(b.named(local(b)), ValueSpec.TEXT)
                .from("state_topic", VALUE_TEMPLATE, EntityBuilder::text)
                .to("command_topic", "command_template", EntityBuilder::wire)
                .add();
    }

    private static void button(EntityBuilder b) throws TemplateException {
        String payload = b.config.component().equals("scene")
                ? b.config.text("payload_on", "ON")
                : b.config.text("payload_press", "PRESS");
        String name = b.config.text("device_class", "").isEmpty() ? local(b) : b.config.text("device_class", "");
        action(b, Names.toMemberName(b.named(name)), "command_topic", payload, false);
    }

    private static void action(EntityBuilder b, String name, String topicKey, String payload, boolean repeatable)
            throws TemplateException {
        String topic = b.topic(topicKey);
        Template template = b.template("command_template", Set.of("value"));
        b.action(name, List.of(), repeatable, arguments -> {
            Map<String, @Nullable Object> scope = new LinkedHashMap<>();
            scope.put("value", payload);
            return b.publication(topic, template == null ? payload : template.render(scope));
        });
    }

    private static final List<ArgumentSpec> PRESS = List.of(
            new ArgumentSpec("action", ValueSpec.TEXT, true), new ArgumentSpec("button", ValueSpec.TEXT, false));

    private static Map<String, Value> press(String action, String button) {
        return button.isEmpty()
                ? Map.of("action", new Text(action))
                : Map.of("action", new Text(action), "button", new Text(button));
    }

    /** Of an event entity: {@code {"event_type":"press"}}. */
    private static void event(EntityBuilder b) throws TemplateException {
        List<String> types = b.config.texts("event_types");
        types.forEach(t -> b.event(Gesture.of(t).event(), PRESS));
        Template template = b.valueTemplate(VALUE_TEMPLATE);
        String own = b.named("");
        b.input("state_topic", "events", (m, sink) -> {
            String text = m.retained() ? null : EntityBuilder.rendered(m, template);
            if (text == null || text.isEmpty()) {
                return;
            }
            String type = eventType(text);
            if (!types.contains(type)) {
                throw new TemplateException(Scalars.shown(type) + " is not one of " + String.join(", ", types));
            }
            Gesture g = Gesture.of(type);
            sink.signal(g.event(), press(type, g.button().isEmpty() ? own : g.button()));
        });
    }

    private static String eventType(String text) throws TemplateException {
        try {
            Map<String, @Nullable Object> json = Json.object(Json.parse(text));
            if (json != null && json.get("event_type") instanceof String type) {
                return type;
            }
        } catch (org.fieldhouse.binding.mqtt.json.JsonException e) {
            throw new TemplateException("an event without event_type: " + Scalars.shown(text));
        }
        throw new TemplateException("an event without event_type: " + Scalars.shown(text));
    }

    /** Of a device automation: {@code type} button_short_press, {@code subtype} button_1. */
    private static void trigger(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        if (!c.text("automation_type", "trigger").equals("trigger")) {
            throw new TemplateException("automation_type '" + c.text("automation_type", "") + "' is not supported");
        }
        String type = c.text("type", "");
        String subtype = c.text("subtype", "");
        String payload = c.text("payload", "");
        // "action" is no gesture: there the subtype says what was done.
        String said = type.equals("action") ? subtype : type.startsWith("button_") ? type.substring(7) : type;
        Gesture g = Gesture.of(said);
        String button = g.button().isEmpty() && !type.equals("action")
                ? subtype.startsWith("button_") ? subtype.substring(7) : subtype
                : g.button();
        b.event(g.event(), PRESS);
        Template template = b.valueTemplate(VALUE_TEMPLATE);
        b.input("topic", "events", (m, sink) -> {
            String text = m.retained() ? null : EntityBuilder.rendered(m, template);
            if (text != null && (payload.isEmpty() || text.equals(payload))) {
                sink.signal(g.event(), press(payload.isEmpty() ? said : payload, button));
            }
        });
    }

    private static void cover(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        boolean valve = c.component().equals("valve");
        boolean byPosition = valve && c.flag("reports_position", false);
        double open = c.number("position_open", 100);
        double closed = c.number("position_closed", 0);
        if (open == closed) {
            throw new TemplateException("position_open and position_closed are the same");
        }
        double factor = 100 / (open - closed);
        String payloadOpen = c.text("payload_open", "OPEN");
        String payloadClose = c.text("payload_close", "CLOSE");
        String main = b.named("open");
        EntityBuilder.Point state = b.point(main, ValueSpec.bool("closed", "open"));
        if (!byPosition) {
            CoverStates words = new CoverStates(c);
            state.from("state_topic", VALUE_TEMPLATE, words::decode);
            if (!c.has("state_topic")) {
                state.from(
                        "position_topic", List.of("position_template"), r -> CoverStates.byPosition(r, closed, factor));
            }
            state.to("command_topic", "", v -> Bool.ON.equals(v) ? payloadOpen : payloadClose)
                    .add();
        }
        String positionTopic = byPosition ? "state_topic" : "position_topic";
        b.point(b.part("position"), ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1))
                .from(
                        positionTopic,
                        byPosition ? VALUE_TEMPLATE : List.of("position_template"),
                        r -> CoverStates.percent(r, closed, factor))
                .to(
                        byPosition ? "command_topic" : "set_position_topic",
                        byPosition ? "command_template" : "set_position_template",
                        "position",
                        v -> EntityBuilder.wire(Quantity.of(CoverStates.wire(v, closed, factor))))
                .add();
        double tiltFactor = 100 / Math.max(1e-9, c.number("tilt_max", 100) - c.number("tilt_min", 0));
        b.point(b.part("tilt"), ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1))
                .from(
                        "tilt_status_topic",
                        List.of("tilt_status_template"),
                        r -> CoverStates.percent(r, c.number("tilt_min", 0), tiltFactor))
                .to(
                        "tilt_command_topic",
                        "tilt_command_template",
                        "tilt_position",
                        v -> EntityBuilder.wire(Quantity.of(CoverStates.wire(v, c.number("tilt_min", 0), tiltFactor))))
                .add();
        if (c.has("command_topic")
                && (c.has("payload_stop") || !valve && !c.json().containsKey("payload_stop"))) {
            action(b, b.part("stop"), "command_topic", c.text("payload_stop", "STOP"), true);
        }
    }

    private static void lock(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        String lock = c.text("payload_lock", "LOCK");
        String unlock = c.text("payload_unlock", "UNLOCK");
        String locked = c.text("state_locked", "LOCKED");
        String unlocked = c.text("state_unlocked", "UNLOCKED");
        Set<String> between = Set.of(
                c.text("state_locking", "LOCKING"),
                c.text("state_unlocking", "UNLOCKING"),
                c.text("state_jammed", "JAMMED"));
        b.point(b.named("locked"), ValueSpec.bool("unlocked", "locked"))
                .from(
                        "state_topic",
                        VALUE_TEMPLATE,
                        r -> between.contains(r)
                                ? org.fieldhouse.binding.mqtt.codec.Reading.UNKNOWN
                                : b.twoWords(locked, unlocked).apply(r))
                .to("command_topic", "command_template", v -> Bool.ON.equals(v) ? lock : unlock)
                .add();
        if (c.has("payload_open")) {
            action(b, b.part("unlatch"), "command_topic", c.text("payload_open", ""), false);
        }
    }

    private static void update(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        Template template = b.valueTemplate(VALUE_TEMPLATE);
        String installed = b.part("installed_version");
        String latest = b.part("latest_version");
        b.input("state_topic", installed, (m, sink) -> {
            String text = EntityBuilder.rendered(m, template);
            if (text == null || text.isEmpty()) {
                return;
            }
            Map<String, @Nullable Object> json = null;
            try {
                json = Json.object(Json.parse(text));
            } catch (org.fieldhouse.binding.mqtt.json.JsonException plain) {
                json = null; // the bare version
            }
            if (json == null) {
                sink.report(installed, EntityBuilder.text(text));
                return;
            }
            if (json.get("installed_version") != null) {
                sink.report(installed, EntityBuilder.text(Scalars.text(json.get("installed_version"))));
            }
            if (json.get("latest_version") != null) {
                sink.report(latest, EntityBuilder.text(Scalars.text(json.get("latest_version"))));
            }
        });
        b.point(installed, ValueSpec.TEXT).category(Category.DIAGNOSTIC).read().add();
        b.point(latest, ValueSpec.TEXT)
                .category(Category.DIAGNOSTIC)
                .from("latest_version_topic", List.of("latest_version_template"), EntityBuilder::text)
                .read()
                .add();
        if (c.has("command_topic") && c.has("payload_install")) {
            action(b, b.part("install"), "command_topic", c.text("payload_install", ""), false);
        }
    }

    private static void tracker(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        b.point(b.named("presence"), ValueSpec.bool("away", "home"))
                .from(
                        "state_topic",
                        VALUE_TEMPLATE,
                        b.twoWords(c.text("payload_home", "home"), c.text("payload_not_home", "not_home")))
                .add();
    }

    private static void alarm(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        List<String> states = List.of(
                "disarmed",
                "armed_home",
                "armed_away",
                "armed_night",
                "armed_vacation",
                "armed_custom_bypass",
                "pending",
                "triggered",
                "arming",
                "disarming");
        b.point(b.named("alarm"), ValueSpec.choice(states))
                .from("state_topic", VALUE_TEMPLATE, EntityBuilder.choice(states))
                .add();
        String topic = b.topic("command_topic");
        Template template = b.template("command_template", Set.of("action", "code"));
        List<String> features = new ArrayList<>(c.texts("supported_features"));
        if (!c.has("supported_features")) {
            features.addAll(List.of("arm_home", "arm_away", "arm_night", "arm_vacation", "arm_custom_bypass"));
        }
        features.retainAll(Set.of("arm_home", "arm_away", "arm_night", "arm_vacation", "arm_custom_bypass", "trigger"));
        features.add("disarm");
        for (String feature : features) {
            String payload = c.text("payload_" + feature, feature.toUpperCase(java.util.Locale.ROOT));
            b.action(
                    b.part(feature),
                    List.of(new ArgumentSpec("code", ValueSpec.TEXT, false)),
                    !feature.equals("trigger"),
                    arguments -> {
                        Map<String, @Nullable Object> scope = new LinkedHashMap<>();
                        scope.put("action", payload);
                        scope.put("code", arguments.get("code") instanceof Text t ? t.value() : null);
                        return b.publication(topic, template == null ? payload : template.render(scope));
                    });
        }
    }
}
