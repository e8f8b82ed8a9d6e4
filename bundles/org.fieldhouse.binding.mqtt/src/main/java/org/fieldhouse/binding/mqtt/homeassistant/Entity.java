package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.template.Template;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.jspecify.annotations.Nullable;

/**
 * What an announced entity is to the house.
 *
 * @param config as it was announced
 * @param points names are local to the entity's device and may collide with those of other entities
 * @param events alike
 * @param actions alike
 * @param inputs where its values come from
 * @param writers what writes a point, by the point's name; points that go in one frame share one
 * @param callers what does an action, by the action's name
 * @param availability where it says whether it can be used
 * @param main the point that stands for it; null if none does
 * @param unsupported why it cannot be used, with the text of the template that stands in the way; null if it can
 */
record Entity(
        EntityConfig config,
        List<PointSpec> points,
        List<EventSpec> events,
        List<ActionSpec> actions,
        List<Input> inputs,
        Map<String, Writer> writers,
        Map<String, Caller> callers,
        Availability availability,
        @Nullable String main,
        @Nullable String unsupported) {

    /** An entity that is shown and does nothing. */
    static Entity unsupported(EntityConfig config, String why) {
        return new Entity(
                config, List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), Availability.NONE, null, why);
    }

    /** Takes what an input reads. */
    interface Sink {
        void report(String point, Reading reading);

        void signal(String event, Map<String, Value> arguments);
    }

    /** Reads a message. */
    @FunctionalInterface
    interface Reader {
        void read(Message message, Sink sink) throws TemplateException;
    }

    /**
     * @param topic to subscribe to
     * @param qos 0 to 2
     * @param what names of the points it feeds, for messages
     * @param reader of its messages
     */
    record Input(String topic, int qos, String what, Reader reader) {}

    /** A message to be sent. */
    record Publication(String topic, String payload, int qos, boolean retain) {}

    /** Makes the messages that write points. */
    @FunctionalInterface
    interface Writer {
        /** @param values by local name of the point, and {@code fade}; those that are not this writer's are left alone */
        List<Publication> write(Map<String, Value> values) throws TemplateException;
    }

    /** Makes the message that does an action. */
    @FunctionalInterface
    interface Caller {
        Publication call(Map<String, Value> arguments) throws TemplateException;
    }

    /**
     * @param sources where it is said; none for always there
     * @param mode {@code all}, {@code any} or {@code latest} of them have to say so
     */
    record Availability(List<Source> sources, String mode) {
        static final Availability NONE = new Availability(List.of(), "latest");

        /** One topic and its two words. */
        record Source(String topic, @Nullable Template template, String online, String offline) {}
    }
}
