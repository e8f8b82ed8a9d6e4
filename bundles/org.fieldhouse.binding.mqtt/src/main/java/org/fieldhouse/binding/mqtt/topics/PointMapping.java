package org.fieldhouse.binding.mqtt.topics;

import org.fieldhouse.api.model.PointSpec;
import org.jspecify.annotations.Nullable;

/**
 * One point and where it is found.
 *
 * @param spec what it is
 * @param source where its values come from; null for a point that is only written
 * @param command where its values go; null for a point that is only read
 */
public record PointMapping(PointSpec spec, @Nullable Source source, @Nullable Target command) {

    /**
     * @param topic to subscribe to, may have wildcards
     * @param qos 0 to 2
     * @param decoder from the payload
     */
    public record Source(String topic, int qos, ValueDecoder decoder) {}

    /**
     * @param topic to publish to
     * @param template the payload with {@code {value}} or, quoted for JSON, {@code {json}} in it
     * @param qos 0 to 2
     * @param retain whether the broker stores it
     * @param encoder to the text that goes in there
     */
    public record Target(String topic, String template, int qos, boolean retain, ValueEncoder encoder) {}
}
