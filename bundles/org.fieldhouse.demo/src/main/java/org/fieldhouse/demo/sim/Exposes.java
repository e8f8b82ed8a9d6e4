package org.fieldhouse.demo.sim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code exposes} of a device's definition, as Zigbee2MQTT writes them into {@code bridge/devices}
 * (zigbee2mqtt.io, "Exposes"; access is 1 published, 2 settable, 4 gettable).
 */
final class Exposes {
    static final int READ = 1;
    static final int READ_SET = 3;
    static final int READ_GET = 5;
    static final int ALL = 7;

    private Exposes() {}

    static Map<String, Object> binary(String property, int access, Object on, Object off, String description) {
        Map<String, Object> out = feature("binary", property, access, description);
        out.put("value_on", on);
        out.put("value_off", off);
        return out;
    }

    static Map<String, Object> numeric(String property, int access, String unit, String description) {
        Map<String, Object> out = feature("numeric", property, access, description);
        if (!unit.isEmpty()) {
            out.put("unit", unit);
        }
        return out;
    }

    static Map<String, Object> numeric(
            String property, int access, String unit, double min, double max, String description) {
        Map<String, Object> out = numeric(property, access, unit, description);
        out.put("value_min", min == Math.rint(min) ? (Object) (long) min : (Object) min);
        out.put("value_max", max == Math.rint(max) ? (Object) (long) max : (Object) max);
        return out;
    }

    static Map<String, Object> choice(String property, int access, List<String> values, String description) {
        Map<String, Object> out = feature("enum", property, access, description);
        out.put("values", values);
        return out;
    }

    static Map<String, Object> battery() {
        Map<String, Object> out = numeric("battery", READ, "%", 0, 100, "Remaining battery in %");
        out.put("category", "diagnostic");
        return out;
    }

    static Map<String, Object> linkQuality() {
        Map<String, Object> out = numeric("linkquality", READ, "lqi", 0, 255, "Link quality (signal strength)");
        out.put("category", "diagnostic");
        return out;
    }

    static Map<String, Object> onOff() {
        Map<String, Object> out = binary("state", ALL, "ON", "OFF", "On/off state");
        out.put("value_toggle", "TOGGLE");
        return out;
    }

    static Map<String, Object> onOffSwitch() {
        return group("switch", List.of(onOff()));
    }

    static Map<String, Object> colourLight() {
        Map<String, Object> colour = new LinkedHashMap<>();
        colour.put("type", "composite");
        colour.put("name", "color_xy");
        colour.put("property", "color");
        colour.put("access", ALL);
        colour.put("description", "Color of this light in the CIE 1931 color space (x/y)");
        colour.put("features", List.of(numeric("x", ALL, "", ""), numeric("y", ALL, "", "")));
        return group(
                "light",
                List.of(
                        onOff(),
                        numeric("brightness", ALL, "", 0, 254, "Brightness of this light"),
                        numeric("color_temp", ALL, "mired", 153, 500, "Color temperature of this light"),
                        colour));
    }

    static Map<String, Object> dimmableLight() {
        return group("light", List.of(onOff(), numeric("brightness", ALL, "", 0, 254, "Brightness of this light")));
    }

    static Map<String, Object> lock() {
        return group(
                "lock",
                List.of(
                        binary("state", ALL, "LOCK", "UNLOCK", "State of the lock"),
                        choice("lock_state", READ, List.of("not_fully_locked", "locked", "unlocked"), "Actual state")));
    }

    static Map<String, Object> cover() {
        return group(
                "cover",
                List.of(
                        choice("state", READ_SET, List.of("OPEN", "CLOSE", "STOP"), "State of this cover"),
                        numeric("position", ALL, "%", 0, 100, "Position of this cover")));
    }

    static Map<String, Object> fan() {
        Map<String, Object> state = binary("fan_state", ALL, "ON", "OFF", "On/off state of this fan");
        state.put("name", "state");
        Map<String, Object> mode = choice("fan_mode", ALL, List.of("off", "low", "medium", "high"), "Mode of this fan");
        mode.put("name", "mode");
        return group("fan", List.of(state, mode));
    }

    static Map<String, Object> climate() {
        Map<String, Object> setpoint = numeric("occupied_heating_setpoint", ALL, "°C", 5, 30, "Temperature setpoint");
        setpoint.put("value_step", 0.5);
        return group(
                "climate",
                List.of(
                        setpoint,
                        numeric("local_temperature", READ_GET, "°C", "Current temperature measured on the device"),
                        choice("system_mode", ALL, List.of("off", "heat"), "Mode of this device"),
                        choice("running_state", READ_GET, List.of("idle", "heat"), "The current running state")));
    }

    private static Map<String, Object> group(String type, List<Map<String, Object>> features) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("type", type);
        out.put("features", features);
        return out;
    }

    private static Map<String, Object> feature(String type, String property, int access, String description) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("type", type);
        out.put("name", property);
        out.put("label", label(property));
        out.put("property", property);
        out.put("access", access);
        out.put("description", description);
        return out;
    }

    private static String label(String property) {
        String words = property.replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
