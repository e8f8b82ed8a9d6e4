package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Links as Zigbee bindings, by way of Zigbee2MQTT (guide, "Binding": {@code bridge/request/device/bind} and {@code …/unbind}). Cluster
 * names are those of the Zigbee Cluster Library as Zigbee2MQTT writes them: On/Off 0x0006, Level Control 0x0008, Color Control 0x0300,
 * Window Covering 0x0102.
 */
final class RadioLinks {
    private static final Map<String, String> CLUSTERS = Map.of(
            "onoff", "genOnOff",
            "brightness", "genLevelCtrl",
            "color_temp", "lightingColorCtrl",
            "color", "lightingColorCtrl",
            "colour", "lightingColorCtrl",
            "position", "closuresWindowCovering",
            "open", "closuresWindowCovering");

    private RadioLinks() {}

    /** The clusters that carry those points. */
    static List<String> clusters(List<String> points) throws BindingException {
        Set<String> clusters = new TreeSet<>();
        for (String point : points) {
            String cluster = CLUSTERS.get(point);
            if (cluster == null) {
                throw new BindingException("Zigbee carries no '" + point + "' from device to device, only "
                        + String.join(", ", new TreeSet<>(CLUSTERS.keySet())));
            }
            clusters.add(cluster);
        }
        return List.copyOf(clusters);
    }

    /** What a request to bind or unbind says. */
    static Map<String, Object> frame(String from, String to, List<String> clusters) {
        Map<String, Object> frame = new HashMap<>();
        frame.put("from", from);
        frame.put("to", to);
        frame.put("clusters", clusters);
        return frame;
    }

    /**
     * Looks at the data of an answer that says "ok" as a whole.
     *
     * @throws BindingException if single clusters failed
     */
    static void check(@Nullable Object data) throws BindingException {
        Map<String, @Nullable Object> object = Json.object(data);
        List<String> failed = new ArrayList<>();
        for (Object each : Json.items(object == null ? null : object.get("failed"))) {
            failed.add(Scalars.text(each));
        }
        if (!failed.isEmpty()) {
            throw new BindingException("the radio refused " + String.join(", ", failed));
        }
    }

    /** The bindings in the {@code endpoints} of {@code bridge/devices}, of all endpoints of the device. */
    static Set<String> bindings(@Nullable Object endpoints) {
        Set<String> out = new HashSet<>();
        Map<String, @Nullable Object> all = Json.object(endpoints);
        if (all == null) {
            return out;
        }
        for (Object each : all.values()) {
            Map<String, @Nullable Object> endpoint = Json.object(each);
            for (Object item : Json.items(endpoint == null ? null : endpoint.get("bindings"))) {
                Map<String, @Nullable Object> binding = Json.object(item);
                Map<String, @Nullable Object> target = binding == null ? null : Json.object(binding.get("target"));
                if (binding == null || target == null) {
                    continue;
                }
                Object to = target.get("ieee_address") == null ? target.get("id") : target.get("ieee_address");
                String key = target.get("ieee_address") == null ? "group:" + Scalars.text(to) : Scalars.text(to);
                out.add(entry(Scalars.text(binding.get("cluster")), key));
            }
        }
        return out;
    }

    static String entry(String cluster, String key) {
        return cluster + " " + key;
    }
}
