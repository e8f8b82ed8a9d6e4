package org.fieldhouse.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.jspecify.annotations.Nullable;

/** The house as the JSON snapshot (version 1) that {@code fieldhouse check --model} reads; one device a line. */
final class ModelJson {
    private ModelJson() {}

    static String write(HouseModel model) {
        List<String> devices = model.devices().stream().map(ModelJson::device).toList();
        List<String> functions =
                model.functions().stream().map(ModelJson::function).toList();
        return "{\"version\": 1, \"devices\": [\n" + String.join(",\n", devices) + "\n], \"functions\": [\n"
                + String.join(",\n", functions) + "\n]}";
    }

    private static String function(FunctionSpec f) {
        List<String> fields = new ArrayList<>();
        add(fields, "name", f.name());
        add(fields, "title", f.title());
        fields.add("\"pure\": " + f.isPure());
        fields.add("\"timeout\": " + f.timeout().toMillis() / 1000.0);
        fields.add("\"repeatable\": " + f.repeatable());
        fields.add(arguments("parameters", f.parameters()));
        ValueSpec result = f.result();
        if (result != null) {
            List<String> of = new ArrayList<>();
            spec(of, result);
            fields.add("\"result\": " + object(of.toArray(String[]::new)));
        }
        return object(fields.toArray(String[]::new));
    }

    private static String device(DeviceInfo d) {
        DeviceDescription description = d.description();
        List<String> fields = new ArrayList<>();
        add(fields, "id", d.id().value());
        add(fields, "name", d.name());
        add(fields, "binding", d.binding());
        if (d.bridge() != null) {
            add(fields, "bridge", d.bridge().value());
        }
        add(fields, "area", d.area());
        fields.add("\"tags\": "
                + list(d.tags().stream().sorted().map(ModelJson::quoted).toList()));
        add(fields, "type", description.type());
        if (description.mainPoint() != null) {
            add(fields, "main", description.mainPoint());
        }
        fields.add("\"points\": "
                + list(description.points().stream().map(ModelJson::point).toList()));
        fields.add("\"actions\": "
                + list(description.actions().stream()
                        .map(a -> object(
                                text("name", a.name()),
                                text("title", a.title()),
                                "\"repeatable\": " + a.repeatable(),
                                arguments("arguments", a.arguments())))
                        .toList()));
        fields.add("\"events\": "
                + list(description.events().stream()
                        .map(e -> object(
                                text("name", e.name()),
                                text("title", e.title()),
                                arguments("arguments", e.arguments())))
                        .toList()));
        return object(fields.toArray(String[]::new));
    }

    private static String point(PointSpec p) {
        List<String> fields = new ArrayList<>();
        add(fields, "name", p.name());
        add(fields, "title", p.title());
        spec(fields, p.value());
        add(fields, "access", word(p.access()));
        add(fields, "category", word(p.category()));
        add(fields, "feedback", word(p.feedback()));
        if (p.maxAge() != null) {
            fields.add("\"maxAge\": " + p.maxAge().toMillis() / 1000.0);
        }
        fields.add(arguments("parameters", p.parameters()));
        return object(fields.toArray(String[]::new));
    }

    private static String arguments(String field, List<ArgumentSpec> arguments) {
        return quoted(field) + ": "
                + list(arguments.stream()
                        .map(a -> {
                            List<String> fields = new ArrayList<>();
                            add(fields, "name", a.name());
                            spec(fields, a.value());
                            fields.add("\"required\": " + a.required());
                            return object(fields.toArray(String[]::new));
                        })
                        .toList());
    }

    private static void spec(List<String> fields, ValueSpec spec) {
        add(fields, "kind", word(spec.kind()));
        if (spec.unit() != null) {
            add(fields, "unit", spec.unit().symbol());
        }
        number(fields, "min", spec.min());
        number(fields, "max", spec.max());
        number(fields, "step", spec.step());
        if (!spec.options().isEmpty()) {
            fields.add("\"options\": "
                    + list(spec.options().stream().map(ModelJson::quoted).toList()));
        }
    }

    private static void number(List<String> fields, String field, @Nullable Double value) {
        if (value != null) {
            fields.add(quoted(field) + ": " + value);
        }
    }

    private static void add(List<String> fields, String field, String value) {
        fields.add(text(field, value));
    }

    private static String text(String field, String value) {
        return quoted(field) + ": " + quoted(value);
    }

    private static String object(String... fields) {
        return '{' + String.join(", ", fields) + '}';
    }

    private static String list(List<String> items) {
        return '[' + String.join(", ", items) + ']';
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** RFC 8259, section 7. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
