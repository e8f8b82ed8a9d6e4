package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;

/**
 * A device or group as Zigbee2MQTT lists it.
 *
 * @param key IEEE address ({@code 0x00158d0001a2b3c4}) or {@code group:7}
 * @param name its friendly name, which is its topic
 * @param title maker and model, for people
 * @param disabled whether Zigbee2MQTT has been told to leave it alone
 * @param description what it says of itself to the house
 * @param properties by key of the state object
 * @param actionKeys members of the state object that carry actions ({@code action}, {@code action_left})
 * @param bindings what its radio commands itself, each as {@code genOnOff 0x00158d0001a2b3c4}
 * @param actions JSON frames of the actions that are a single write, by the action's name
 */
record NetworkDevice(
        String key,
        String name,
        String title,
        boolean disabled,
        DeviceDescription description,
        Map<String, List<Property>> properties,
        Set<String> actionKeys,
        Set<String> bindings,
        Map<String, Map<String, Object>> actions) {
    NetworkDevice {
        properties = Map.copyOf(properties);
        actionKeys = Set.copyOf(actionKeys);
        bindings = Set.copyOf(bindings);
        actions = Map.copyOf(actions);
    }

    /** The properties by the names of their points. */
    Map<String, Property> byPoint() {
        Map<String, Property> out = new HashMap<>();
        properties.values().forEach(all -> all.forEach(p -> out.put(p.spec().name(), p)));
        return out;
    }
}
