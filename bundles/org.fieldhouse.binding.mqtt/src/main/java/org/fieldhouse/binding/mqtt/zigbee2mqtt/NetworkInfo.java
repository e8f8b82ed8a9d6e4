package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.Map;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * What Zigbee2MQTT says of itself in {@code bridge/info}; each is empty if it does not say it.
 *
 * @param version of Zigbee2MQTT
 * @param coordinator kind of its radio
 * @param ieee address of its radio, by which a network is known from another
 * @param channel of the network
 */
public record NetworkInfo(String version, String coordinator, String ieee, String channel) {
    public static NetworkInfo of(Map<String, @Nullable Object> info) {
        Map<String, @Nullable Object> coordinator = Json.object(info.get("coordinator"));
        Map<String, @Nullable Object> network = Json.object(info.get("network"));
        return new NetworkInfo(
                text(info, "version"),
                text(coordinator, "type"),
                text(coordinator, "ieee_address"),
                text(network, "channel"));
    }

    private static String text(@Nullable Map<String, @Nullable Object> in, String key) {
        Object value = in == null ? null : in.get(key);
        return value == null ? "" : Scalars.text(value);
    }
}
