package org.fieldhouse.binding.mqtt.homeassistant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.homeassistant.Entity.Input;
import org.fieldhouse.binding.mqtt.homeassistant.Entity.Publication;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.fieldhouse.binding.mqtt.template.Template;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.jspecify.annotations.Nullable;

/** Gathers what an entity is from its configuration. Not thread-safe. */
final class EntityBuilder {
    /** Ten years in seconds: what is longer is a mistake, or malice. */
    private static final double LONGEST_AGE = 3.15e8;

    private static final Set<String> VALUES = Set.of("value", "value_json");

    final EntityConfig config;
    private final String base;
    private final Map<String, PointSpec> points = new LinkedHashMap<>();
    private final List<EventSpec> events = new ArrayList<>();
    private final List<ActionSpec> actions = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, Entity.Writer> writers = new HashMap<>();
    private final Map<String, Entity.Caller> callers = new HashMap<>();
    private @Nullable String main;

    EntityBuilder(EntityConfig config) {
        this.config = config;
        base = baseName(config);
    }

    /** The entity's own name without the device's, as a word; empty for the one that is its device. */
    private static String baseName(EntityConfig config) {
        String name = config.text("name", "").strip();
        String device = config.device().get("name") instanceof String s ? s.strip() : "";
        if (!device.isEmpty()
                && name.toLowerCase(java.util.Locale.ROOT).startsWith(device.toLowerCase(java.util.Locale.ROOT))) {
            name = name.substring(device.length()).strip();
        }
        return name.isEmpty() ? "" : Names.toMemberName(name);
    }

    /** The point that stands for the entity: its own name, or that one. */
    String named(String otherwise) {
        return base.isEmpty() ? otherwise : base;
    }

    /** A further point of the entity. */
    String part(String name) {
        return base.isEmpty() ? name : Names.toMemberName(base + "_" + name);
    }

    // ---- points

    /** A point that comes by one topic and goes by another; none at all if neither is configured. */
    final class Point {
        private final String name;
        private final ValueSpec value;
        private Category category;
        private @Nullable Duration maxAge;
        private boolean read;
        private boolean written;
        private List<ArgumentSpec> parameters = List.of();

        Point(String name, ValueSpec value) {
            this.name = name;
            this.value = value;
            category = switch (config.text("entity_category", "")) {
                case "config" -> Category.CONFIGURATION;
                case "diagnostic" -> Category.DIAGNOSTIC;
                default -> Category.STATE;
            };
        }

        Point category(Category wanted) {
            if (category == Category.STATE) {
                category = wanted;
            }
            return this;
        }

        Point maxAge(double seconds) {
            if (seconds > 0) {
                maxAge = Duration.ofMillis(Math.max(1, Math.round(Math.min(seconds, LONGEST_AGE) * 1000)));
            }
            return this;
        }

        Point fades() {
            parameters = List.of(new ArgumentSpec("fade", ValueSpec.quantity(Units.SECOND, 0, 6553), false));
            return this;
        }

        /** Read from that topic; the template is looked for under the first key that is there. */
        Point from(String topicKey, List<String> templateKeys, Function<String, Reading> decoder)
                throws TemplateException {
            if (config.has(topicKey)) {
                Template template = valueTemplate(templateKeys);
                input(topicKey, name, (m, sink) -> {
                    String raw = rendered(m, template);
                    sink.report(name, raw == null ? Reading.ABSENT : decoder.apply(raw));
                });
                read = true;
            }
            return this;
        }

        /** Read by an input that was added otherwise. */
        Point read() {
            read = true;
            return this;
        }

        /** Written to that topic. */
        Point to(String topicKey, String templateKey, Function<Value, String> encoder) throws TemplateException {
            return to(topicKey, templateKey, "", encoder);
        }

        /** Alike; the template may call the asked percentage, before it is brought to the wire's scale, by that name too. */
        Point to(String topicKey, String templateKey, String percentName, Function<Value, String> encoder)
                throws TemplateException {
            if (config.has(topicKey)) {
                String topic = topic(topicKey);
                Template template =
                        template(templateKey, percentName.isEmpty() ? Set.of("value") : Set.of("value", percentName));
                writers.put(name, all -> {
                    Value wanted = all.get(name);
                    if (wanted == null) {
                        return List.of();
                    }
                    String wire = encoder.apply(wanted);
                    Map<String, @Nullable Object> scope = new HashMap<>();
                    scope.put("value", wanted instanceof Quantity ? Scalars.number(wire) : wire);
                    if (!percentName.isEmpty() && wanted instanceof Quantity percent) {
                        scope.put(percentName, Math.round(percent.number()));
                    }
                    return List.of(publication(topic, template == null ? wire : template.render(scope)));
                });
                written = true;
            }
            return this;
        }

        /** Written together with others. */
        Point by(Entity.Writer writer) {
            writers.put(name, writer);
            written = true;
            return this;
        }

        void add() {
            if (!read && !written) {
                return;
            }
            Access access = !written ? Access.READ : read ? Access.READ_WRITE : Access.WRITE;
            points.put(
                    name,
                    new PointSpec(
                            name,
                            value,
                            access,
                            category,
                            maxAge,
                            read ? PointSpec.Feedback.REPORT : PointSpec.Feedback.NONE,
                            parameters,
                            config.text("name", "")));
            if (main == null) {
                main = name;
            }
        }
    }

    Point point(String name, ValueSpec value) {
        return new Point(name, value);
    }

    void input(String topicKey, String what, Entity.Reader reader) throws TemplateException {
        String topic = config.text(topicKey, "");
        Optional<String> fault = TopicFilter.filterFault(topic);
        if (fault.isPresent()) {
            throw new TemplateException(topicKey + " '" + topic + "': " + fault.get());
        }
        inputs.add(new Input(topic, config.qos(), what, reader));
    }

    void event(String name, List<ArgumentSpec> arguments) {
        if (events.stream().noneMatch(e -> e.name().equals(name))) {
            events.add(new EventSpec(name, arguments, config.text("name", "")));
        }
    }

    void action(String name, List<ArgumentSpec> arguments, boolean repeatable, Entity.Caller caller) {
        actions.add(new ActionSpec(name, arguments, repeatable, config.text("name", "")));
        callers.put(name, caller);
    }

    Entity build() throws TemplateException {
        if (points.isEmpty() && events.isEmpty() && actions.isEmpty()) {
            throw new TemplateException("no topic that is known");
        }
        return new Entity(
                config,
                List.copyOf(points.values()),
                events,
                actions,
                inputs,
                writers,
                callers,
                availability(),
                main,
                null);
    }

    // ---- topics and templates

    /** A topic to publish to. */
    String topic(String key) throws TemplateException {
        String topic = config.text(key, "");
        Optional<String> fault = TopicFilter.topicFault(topic);
        if (fault.isPresent()) {
            throw new TemplateException(key + " '" + topic + "': " + fault.get());
        }
        return topic;
    }

    Publication publication(String topic, String payload) {
        return new Publication(topic, payload, config.qos(), config.retain());
    }

    @Nullable
    Template valueTemplate(List<String> keys) throws TemplateException {
        for (String key : keys) {
            if (config.has(key)) {
                return template(key, VALUES);
            }
        }
        return null;
    }

    /** @throws TemplateException with the text of a template that is outside the subset */
    @Nullable
    Template template(String key, Set<String> variables) throws TemplateException {
        return config.has(key) ? compile(key, config.text(key, ""), variables) : null;
    }

    private static Template compile(String key, String text, Set<String> variables) throws TemplateException {
        try {
            return Template.compile(text, variables);
        } catch (TemplateException e) {
            throw new TemplateException(key + " is not supported: " + e.getMessage() + " in '" + text + "'");
        }
    }

    /** The payload, or what the template makes of it; null if it says nothing. */
    static @Nullable String rendered(Message message, @Nullable Template template) throws TemplateException {
        if (template == null) {
            if (!message.isText()) {
                throw new TemplateException("the payload is not UTF-8");
            }
            return message.text();
        }
        try {
            return template.render(scope(message));
        } catch (TemplateException.NoValue nothing) {
            return null;
        }
    }

    static Map<String, @Nullable Object> scope(Message message) {
        Map<String, @Nullable Object> scope = new HashMap<>();
        scope.put("value", message.text());
        try {
            scope.put("value_json", message.json());
        } catch (JsonException e) {
            scope.remove("value_json"); // undefined in the template, as it is meant to be
        }
        return scope;
    }

    private Entity.Availability availability() throws TemplateException {
        List<Entity.Availability.Source> sources = new ArrayList<>();
        if (config.has("availability_topic")) {
            sources.add(source(
                    config.text("availability_topic", ""),
                    config.has("availability_template") ? config.text("availability_template", "") : "",
                    config.text("payload_available", "online"),
                    config.text("payload_not_available", "offline")));
        }
        for (Object item : Json.items(config.json().get("availability"))) {
            Map<String, @Nullable Object> one = Json.object(item);
            if (one != null && one.get("topic") != null) {
                EntityConfig c = new EntityConfig("", "", "", one, Map.of());
                sources.add(source(
                        c.text("topic", ""),
                        c.text("value_template", ""),
                        c.text("payload_available", "online"),
                        c.text("payload_not_available", "offline")));
            }
        }
        return new Entity.Availability(sources, config.text("availability_mode", "latest"));
    }

    private static Entity.Availability.Source source(String topic, String template, String online, String offline)
            throws TemplateException {
        if (TopicFilter.filterFault(topic).isPresent()) {
            throw new TemplateException("availability topic '" + topic + "'");
        }
        return new Entity.Availability.Source(
                topic, template.isEmpty() ? null : compile("availability_template", template, VALUES), online, offline);
    }

    // ---- codecs

    /** A state of two words. */
    Function<String, Reading> twoWords(String on, String off) {
        return raw -> raw.equals(on)
                ? Reading.ON
                : raw.equals(off)
                        ? Reading.OFF
                        : quiet(
                                raw,
                                () -> Reading.bad(Scalars.shown(raw) + " is neither '" + on + "' nor '" + off + "'"));
    }

    /** A number, {@code × factor}, in that unit. */
    static Function<String, Reading> number(Unit unit, double factor) {
        return raw -> {
            double n = Scalars.number(raw.strip());
            return Double.isNaN(n)
                    ? quiet(raw, () -> Reading.bad(Scalars.shown(raw) + " is not a number"))
                    : Reading.good(new Quantity(n * factor, unit));
        };
    }

    static Function<String, Reading> choice(List<String> options) {
        return raw -> options.contains(raw)
                ? Reading.good(new Choice(raw))
                : quiet(raw, () -> Reading.bad(Scalars.shown(raw) + " is not one of " + String.join(", ", options)));
    }

    static Reading text(String raw) {
        return Scalars.textual(raw);
    }

    private interface Otherwise {
        Reading reading();
    }

    /** Nothing at all says nothing; the words for "not known" are no mistakes. */
    private static Reading quiet(String raw, Otherwise otherwise) {
        return switch (raw.strip()) {
            case "" -> Reading.ABSENT;
            case "None", "none", "unknown", "unavailable", "null" -> Reading.UNKNOWN;
            default -> otherwise.reading();
        };
    }

    static String wire(Value value) {
        return value instanceof Quantity q
                ? JsonWriter.number(q.number())
                : value instanceof Text t ? t.value() : value.toString();
    }

    /** A choice; options that a choice cannot have are left out. */
    static Optional<ValueSpec> choices(List<String> options) {
        List<String> usable = options.stream()
                .filter(o -> !o.isEmpty() && o.length() <= 256)
                .distinct()
                .toList();
        return usable.isEmpty() ? Optional.empty() : Optional.of(ValueSpec.choice(usable));
    }

    /** A number's bounds as configured; left out where they cross. */
    ValueSpec range(
            Unit unit, String minKey, String maxKey, @Nullable Double min, @Nullable Double max, String stepKey) {
        Double low = config.number(minKey).orElse(min);
        Double high = config.number(maxKey).orElse(max);
        double step = config.number(stepKey, 0);
        boolean usable = low == null || high == null || low <= high;
        return new ValueSpec(
                ValueKind.QUANTITY, unit, usable ? low : null, usable ? high : null, step > 0 ? step : null, List.of());
    }
}
