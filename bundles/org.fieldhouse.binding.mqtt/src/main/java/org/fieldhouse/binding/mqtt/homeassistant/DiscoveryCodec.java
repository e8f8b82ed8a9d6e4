package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads discovery messages (Home Assistant, integration MQTT, "MQTT Discovery"):
 * {@code <prefix>/<component>/[<node>/]<object>/config} for one entity, {@code <prefix>/device/[<node>/]<object>/config} for all
 * entities of a device. Pure.
 */
final class DiscoveryCodec {
    private static final int MAX_COMPONENTS = 1_000;
    /** What a device's message may say once for all of its components. */
    private static final Set<String> SHARED = Set.of(
            "availability",
            "availability_mode",
            "availability_topic",
            "availability_template",
            "payload_available",
            "payload_not_available",
            "state_topic",
            "command_topic",
            "qos",
            "encoding");

    private DiscoveryCodec() {}

    /**
     * What a message announces.
     *
     * @param malformed ids of components that are none
     * @param migrating whether it only prepares the move to a device's message
     */
    record Announcement(List<EntityConfig> entities, List<String> malformed, boolean migrating) {}

    /** The middle of a config topic: component, object, and the object's own part; null if it is none. */
    static String @Nullable [] place(String prefix, String topic) {
        if (!topic.startsWith(prefix + "/") || !topic.endsWith("/config")) {
            return null;
        }
        String[] parts = topic.substring(prefix.length() + 1).split("/", -1);
        return switch (parts.length) {
            case 3 -> new String[] {parts[0], parts[1], parts[1]};
            case 4 -> new String[] {parts[0], parts[1] + "_" + parts[2], parts[2]};
            default -> null;
        };
    }

    /** @param json the payload, not empty */
    static Announcement read(String component, String objectId, String localId, Map<String, @Nullable Object> json) {
        Map<String, @Nullable Object> all = Abbreviations.expand(json, "");
        if (Boolean.TRUE.equals(all.get("migrate_discovery"))) {
            return new Announcement(List.of(), List.of(), true);
        }
        Map<String, @Nullable Object> device = Json.object(all.get("device"));
        Map<String, @Nullable Object> of = device == null ? Map.of() : device;
        if (!component.equals("device")) {
            return new Announcement(List.of(new EntityConfig(component, objectId, localId, all, of)), List.of(), false);
        }
        List<EntityConfig> out = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        Map<String, @Nullable Object> components = Json.object(all.get("components"));
        if (components != null) {
            components.forEach((id, value) -> {
                Map<String, @Nullable Object> one = Json.object(value);
                if (one == null || one.get("platform") == null) {
                    malformed.add(id);
                } else if (one.size() > 1 && out.size() < MAX_COMPONENTS) {
                    // A component of nothing but its platform is one that was removed.
                    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
                    SHARED.stream().filter(k -> all.get(k) != null).forEach(k -> whole.put(k, all.get(k)));
                    whole.putAll(one);
                    out.add(new EntityConfig(Scalars.text(one.get("platform")), objectId + "_" + id, id, whole, of));
                }
            });
        }
        return new Announcement(out, malformed, false);
    }
}
