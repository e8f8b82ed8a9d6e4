package org.fieldhouse.binding.mqtt.topics;

import java.util.Map;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonPointer;
import org.jspecify.annotations.Nullable;

/**
 * From a payload to a value: {@code number × scale + offset}, on and off words, choices. Pure.
 *
 * @param spec which values there can be
 * @param pointer where in the JSON payload; null if the payload is the value itself
 * @param scale multiplier, not 0
 * @param offset added after it, in the unit of the spec
 * @param on payload that means on; null for on, true, 1 and the spec's own word in any case
 * @param off payload that means off; null alike
 * @param choices what is on the wire to the option it means; empty if they are the same
 */
public record ValueDecoder(
        ValueSpec spec,
        @Nullable JsonPointer pointer,
        double scale,
        double offset,
        @Nullable String on,
        @Nullable String off,
        Map<String, String> choices) {
    public ValueDecoder {
        choices = Map.copyOf(choices);
    }

    /** What the message says. */
    public Reading decode(Message message) {
        if (pointer == null) {
            return message.isText() ? value(message.text()) : Reading.bad("the payload is not UTF-8");
        }
        try {
            Object found = pointer.find(message.json());
            return found == JsonPointer.ABSENT || found == null ? Reading.ABSENT : value(found);
        } catch (JsonException e) {
            return Reading.bad(String.valueOf(e.getMessage()));
        }
    }

    private Reading value(Object raw) {
        return switch (spec.kind()) {
            case QUANTITY -> quantity(raw);
            case BOOL -> bool(raw);
            case CHOICE -> choice(raw);
            case TEXT -> Scalars.textual(raw);
            case MOMENT -> Scalars.moment(raw);
            case COLOUR -> Scalars.colour(raw);
        };
    }

    private Reading quantity(Object raw) {
        double number = Scalars.number(raw);
        if (Double.isNaN(number)) {
            return Reading.bad(Scalars.shown(raw) + " is not a number");
        }
        double scaled = number * scale + offset;
        Unit unit = spec.unit() == null ? Unit.ONE : spec.unit();
        return Double.isFinite(scaled)
                ? Reading.good(new Quantity(scaled, unit))
                : Reading.bad(Scalars.shown(raw) + " is out of range");
    }

    private Reading bool(Object raw) {
        String text = Scalars.text(raw).strip();
        if (on != null ? on.equals(text) : meansOn(text)) {
            return Reading.ON;
        }
        if (off != null ? off.equals(text) : meansOff(text)) {
            return Reading.OFF;
        }
        return Reading.bad(Scalars.shown(raw) + " is neither "
                + (on == null ? spec.options().get(1) : "'" + on + "'") + " nor "
                + (off == null ? spec.options().get(0) : "'" + off + "'"));
    }

    private boolean meansOn(String text) {
        return text.equalsIgnoreCase("on")
                || text.equalsIgnoreCase("true")
                || text.equals("1")
                || text.equalsIgnoreCase(spec.options().get(1));
    }

    private boolean meansOff(String text) {
        return text.equalsIgnoreCase("off")
                || text.equalsIgnoreCase("false")
                || text.equals("0")
                || text.equalsIgnoreCase(spec.options().get(0));
    }

    private Reading choice(Object raw) {
        String text = Scalars.text(raw).strip();
        String option = choices.isEmpty() ? text : choices.get(text);
        return option != null && spec.options().contains(option)
                ? Reading.good(new Choice(option))
                : Reading.bad(Scalars.shown(raw) + " is not one of "
                        + String.join(
                                ", ",
                                choices.isEmpty()
                                        ? spec.options()
                                        : choices.keySet().stream().sorted().toList()));
    }
}
