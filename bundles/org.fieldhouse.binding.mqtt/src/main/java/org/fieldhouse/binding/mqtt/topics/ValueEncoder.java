package org.fieldhouse.binding.mqtt.topics;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.json.JsonWriter;

/**
 * From a value to what stands for it on the wire: the reverse of {@link ValueDecoder}. Pure.
 *
 * @param spec which values there can be
 * @param scale multiplier from wire to value, not 0
 * @param offset added after it
 * @param on what is sent for on
 * @param off what is sent for off
 * @param choices from the option to what is on the wire; empty if they are the same
 */
public record ValueEncoder(
        ValueSpec spec, double scale, double offset, String on, String off, Map<String, String> choices) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(?:json|value)}");

    public ValueEncoder {
        choices = Map.copyOf(choices);
    }

    /** The whole payload. */
    public String payload(String template, Value value) {
        String wire = wire(value);
        if (template.equals("{value}")) {
            return wire; // nearly all
        }
        // In one go: a text may have a placeholder in it.
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group().equals("{json}") ? json(wire, value) : wire));
    }

    private static String json(String wire, Value value) {
        boolean bare = value instanceof Quantity || wire.equals("true") || wire.equals("false");
        return bare ? wire : JsonWriter.write(wire);
    }

    private String wire(Value value) {
        if (value instanceof Bool b) {
            return b.on() ? on : off;
        } else if (value instanceof Quantity q) {
            double number = spec.unit() == null ? q.number() : q.in(spec.unit()).number();
            return JsonWriter.number((number - offset) / scale);
        } else if (value instanceof Choice c) {
            return choices.getOrDefault(c.option(), c.option());
        } else if (value instanceof Text t) {
            return t.value();
        } else if (value instanceof Moment m) {
            return m.instant().toString();
        } else if (value instanceof Colour c) {
            return c.toString();
        }
        throw new IllegalArgumentException("no such value: " + value);
    }
}
