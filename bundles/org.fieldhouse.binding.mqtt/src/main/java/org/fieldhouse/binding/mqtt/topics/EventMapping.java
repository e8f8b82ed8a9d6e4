package org.fieldhouse.binding.mqtt.topics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonPointer;
import org.jspecify.annotations.Nullable;

/**
 * One event and the messages that mean it. Pure.
 *
 * @param name of the event
 * @param topic to subscribe to, may have wildcards
 * @param qos 0 to 2
 * @param pointer where in the JSON payload the word is; null if the payload is it
 * @param equal the word that means this event; null if any message does
 * @param arguments what is taken along
 */
public record EventMapping(
        String name,
        String topic,
        int qos,
        @Nullable JsonPointer pointer,
        @Nullable String equal,
        List<Argument> arguments) {
    public EventMapping {
        arguments = List.copyOf(arguments);
    }

    /** An argument's name and where it comes from. */
    public record Argument(String name, ValueDecoder decoder) {}

    EventSpec spec() {
        return new EventSpec(
                name,
                arguments.stream()
                        .map(a -> new ArgumentSpec(a.name(), a.decoder().spec(), false))
                        .toList(),
                "");
    }

    /** Whether the message means this event. */
    boolean matches(Message message) throws JsonException {
        if (pointer == null) {
            return equal == null || equal.equals(message.text().strip());
        }
        Object found = pointer.find(message.json());
        return found != JsonPointer.ABSENT && found != null && (equal == null || equal.equals(Scalars.text(found)));
    }

    /** The arguments that the message has. */
    Map<String, Value> values(Message message) {
        Map<String, Value> out = new HashMap<>();
        for (Argument a : arguments) {
            if (a.decoder().decode(message) instanceof Reading.Good good) {
                out.put(a.name(), good.value());
            }
        }
        return out;
    }
}
