package org.fieldhouse.rules.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * The house as a JSON text, so that rules can be checked where no runtime is. What a device is now (its status) is left out.
 *
 * <p>{@code {"version": 1, "devices": [{"id": …, "name": …, "type": …, "main": …, "points": […], "actions": […], "events": […]}],
 * "functions": [{"name": …, "pure": …, "timeout": …, "parameters": […], "result": {…}}]}}; names and enum words are those of the api, lower-case; a max-age is in seconds.
 */
public final class ModelSnapshot {
    private static final int VERSION = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private ModelSnapshot() {}

    /** Writes all devices; the writer stays open. */
    public static void write(HouseModel house, Writer to) throws IOException {
        try (JsonGenerator out = JSON.createGenerator(to)) {
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeArrayFieldStart("devices");
            for (DeviceInfo device : house.devices()) {
                device(device, out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("functions");
            for (FunctionSpec function : house.functions()) {
                function(function, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private static void function(FunctionSpec function, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", function.name());
        out.writeStringField("title", function.title());
        out.writeBooleanField("pure", function.isPure());
        out.writeNumberField("timeout", function.timeout().toMillis() / 1000.0);
        out.writeBooleanField("repeatable", function.repeatable());
        arguments("parameters", function.parameters(), out);
        ValueSpec result = function.result();
        if (result != null) {
            out.writeObjectFieldStart("result");
            spec(result, out);
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void device(DeviceInfo device, JsonGenerator out) throws IOException {
        DeviceDescription description = device.description();
        out.writeStartObject();
        out.writeStringField("id", device.id().value());
        out.writeStringField("name", device.name());
        out.writeStringField("binding", device.binding());
        if (device.bridge() != null) {
            out.writeStringField("bridge", device.bridge().value());
        }
        out.writeStringField("area", device.area());
        strings("tags", device.tags().stream().sorted().toList(), out);
        out.writeStringField("type", description.type());
        if (description.mainPoint() != null) {
            out.writeStringField("main", description.mainPoint());
        }
        out.writeArrayFieldStart("points");
        for (PointSpec point : description.points()) {
            point(point, out);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("actions");
        for (ActionSpec action : description.actions()) {
            out.writeStartObject();
            out.writeStringField("name", action.name());
            out.writeStringField("title", action.title());
            out.writeBooleanField("repeatable", action.repeatable());
            arguments("arguments", action.arguments(), out);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("events");
        for (EventSpec event : description.events()) {
            out.writeStartObject();
            out.writeStringField("name", event.name());
            out.writeStringField("title", event.title());
            arguments("arguments", event.arguments(), out);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void point(PointSpec point, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", point.name());
        out.writeStringField("title", point.title());
        spec(point.value(), out);
        out.writeStringField("access", word(point.access()));
        out.writeStringField("category", word(point.category()));
        out.writeStringField("feedback", word(point.feedback()));
        if (point.maxAge() != null) {
            out.writeNumberField("maxAge", point.maxAge().toMillis() / 1000.0);
        }
        arguments("parameters", point.parameters(), out);
        out.writeEndObject();
    }

    private static void arguments(String field, List<ArgumentSpec> arguments, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (ArgumentSpec argument : arguments) {
            out.writeStartObject();
            out.writeStringField("name", argument.name());
            spec(argument.value(), out);
            out.writeBooleanField("required", argument.required());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void spec(ValueSpec spec, JsonGenerator out) throws IOException {
        out.writeStringField("kind", word(spec.kind()));
        if (spec.unit() != null) {
            out.writeStringField("unit", spec.unit().symbol());
        }
        number("min", spec.min(), out);
        number("max", spec.max(), out);
        number("step", spec.step(), out);
        if (!spec.options().isEmpty()) {
            strings("options", spec.options(), out);
        }
    }

    private static void number(String field, @Nullable Double value, JsonGenerator out) throws IOException {
        if (value != null) {
            out.writeNumberField(field, value);
        }
    }

    private static void strings(String field, List<String> values, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (String each : values) {
            out.writeString(each);
        }
        out.writeEndArray();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #write} wrote; unknown fields are passed over, so that an older checker reads a newer snapshot.
     *
     * @throws IOException if it is not JSON, or not a snapshot; the message says where
     */
    public static HouseModel read(Reader from) throws IOException {
        try (JsonParser in = JSON.createParser(from)) {
            in.nextToken();
            Fields all = new Fields(asObject(value(in)));
            if (all.number("version", 0) != VERSION) {
                throw new IOException("this is no snapshot of version " + VERSION);
            }
            List<DeviceInfo> devices = new ArrayList<>();
            for (Fields each : all.objects("devices")) {
                devices.add(device(each));
            }
            List<FunctionSpec> functions = new ArrayList<>();
            for (Fields each : all.objects("functions")) {
                functions.add(function(each));
            }
            return new HouseModel(devices, functions);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new IOException("not JSON" + (at == null ? "" : ", line " + at.getLineNr()), e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("not a snapshot: " + e.getMessage(), e);
        }
    }

    private static DeviceInfo device(Fields f) throws IOException {
        List<PointSpec> points = new ArrayList<>();
        for (Fields each : f.objects("points")) {
            points.add(point(each));
        }
        List<ActionSpec> actions = new ArrayList<>();
        for (Fields each : f.objects("actions")) {
            actions.add(new ActionSpec(
                    each.text("name"),
                    arguments(each.objects("arguments")),
                    each.flag("repeatable"),
                    each.text("title", "")));
        }
        List<EventSpec> events = new ArrayList<>();
        for (Fields each : f.objects("events")) {
            events.add(new EventSpec(each.text("name"), arguments(each.objects("arguments")), each.text("title", "")));
        }
        String main = f.has("main") ? f.text("main") : null;
        return new DeviceInfo(
                new DeviceId(f.text("id")),
                f.text("name"),
                f.text("binding", ""),
                f.has("bridge") ? new DeviceId(f.text("bridge")) : null,
                f.text("area", ""),
                new LinkedHashSet<>(f.strings("tags")),
                new DeviceDescription(f.text("type", "unknown"), points, actions, events, main, Map.of()),
                Status.offline("from a snapshot"));
    }

    private static FunctionSpec function(Fields f) throws IOException {
        return new FunctionSpec(
                f.text("name"),
                arguments(f.objects("parameters")),
                f.map().get("result") instanceof Map<?, ?> result ? spec(new Fields(result)) : null,
                f.flag("pure") ? FunctionSpec.Kind.PURE : FunctionSpec.Kind.ACTION,
                Duration.ofMillis(Math.round(f.number("timeout", 1) * 1000)),
                f.flag("repeatable"),
                f.text("title", ""));
    }

    private static PointSpec point(Fields f) throws IOException {
        Duration maxAge = f.has("maxAge") ? Duration.ofMillis(Math.round(f.number("maxAge", 0) * 1000)) : null;
        return new PointSpec(
                f.text("name"),
                spec(f),
                f.word(Access.class, "access"),
                f.word(Category.class, "category"),
                maxAge,
                f.word(PointSpec.Feedback.class, "feedback"),
                arguments(f.objects("parameters")),
                f.text("title", ""));
    }

    private static List<ArgumentSpec> arguments(List<Fields> all) throws IOException {
        List<ArgumentSpec> arguments = new ArrayList<>();
        for (Fields each : all) {
            arguments.add(new ArgumentSpec(each.text("name"), spec(each), each.flag("required")));
        }
        return arguments;
    }

    private static ValueSpec spec(Fields f) throws IOException {
        return new ValueSpec(
                f.word(ValueKind.class, "kind"),
                f.has("unit") ? Units.of(f.text("unit")) : null,
                f.optional("min"),
                f.optional("max"),
                f.optional("step"),
                f.strings("options"));
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new IOException("the file is empty");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    Object value = value(in);
                    if (value != null) {
                        fields.put(name, value);
                    }
                }
                yield fields;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    Object value = value(in);
                    if (value != null) {
                        items.add(value);
                    }
                }
                yield items;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static Map<?, ?> asObject(@Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IOException("expected an object, found " + value);
    }

    /** The fields of one object, read with their types. */
    private record Fields(Map<?, ?> map) {
        boolean has(String field) {
            return map.containsKey(field);
        }

        String text(String field) throws IOException {
            if (map.get(field) instanceof String text) {
                return text;
            }
            throw new IOException("text '" + field + "' is missing in " + map);
        }

        String text(String field, String otherwise) {
            return map.get(field) instanceof String text ? text : otherwise;
        }

        double number(String field, double otherwise) {
            return map.get(field) instanceof Double number ? number : otherwise;
        }

        @Nullable
        Double optional(String field) {
            return map.get(field) instanceof Double number ? number : null;
        }

        boolean flag(String field) {
            return Boolean.TRUE.equals(map.get(field));
        }

        <E extends Enum<E>> E word(Class<E> type, String field) throws IOException {
            return Enum.valueOf(type, text(field).toUpperCase(Locale.ROOT));
        }

        List<Fields> objects(String field) throws IOException {
            List<Fields> all = new ArrayList<>();
            if (map.get(field) instanceof List<?> items) {
                for (Object each : items) {
                    all.add(new Fields(asObject(each)));
                }
            }
            return all;
        }

        List<String> strings(String field) {
            List<String> all = new ArrayList<>();
            if (map.get(field) instanceof List<?> items) {
                items.forEach(each -> all.add(String.valueOf(each)));
            }
            return all;
        }
    }
}
