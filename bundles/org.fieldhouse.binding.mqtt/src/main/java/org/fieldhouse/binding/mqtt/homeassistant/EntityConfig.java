package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * One entity as it was announced, keys written out.
 *
 * @param component {@code sensor}, {@code light} …
 * @param objectId its id in the topic or among the components, unlike any other of that component
 * @param localId the part of it that tells it from others of the same device
 * @param json everything else that was said
 * @param device of {@code device}; empty if it belongs to none
 */
record EntityConfig(
        String component,
        String objectId,
        String localId,
        Map<String, @Nullable Object> json,
        Map<String, @Nullable Object> device) {

    boolean has(String key) {
        return json.get(key) != null;
    }

    /** As Python writes it: a JSON true is {@code True}, which is what a template makes of it too. */
    String text(String key, String fallback) {
        Object v = json.get(key);
        return v == null ? fallback : v instanceof Boolean b ? b ? "True" : "False" : Scalars.text(v);
    }

    double number(String key, double fallback) {
        double n = json.get(key) == null ? Double.NaN : Scalars.number(json.get(key));
        return Double.isNaN(n) ? fallback : n;
    }

    Optional<Double> number(String key) {
        double n = number(key, Double.NaN);
        return Double.isNaN(n) ? Optional.empty() : Optional.of(n);
    }

    boolean flag(String key, boolean fallback) {
        return json.get(key) instanceof Boolean b ? b : fallback;
    }

    List<String> texts(String key) {
        List<String> out = new ArrayList<>();
        for (Object item : Json.items(json.get(key))) {
            if (item != null) {
                out.add(Scalars.text(item));
            }
        }
        return out;
    }

    int qos() {
        return (int) Math.max(0, Math.min(2, number("qos", 0)));
    }

    boolean retain() {
        return flag("retain", false);
    }

    /** What tells it from all others: its unique id where it has one. */
    String identity() {
        return component + " " + text("unique_id", objectId);
    }

    /** What tells its device from all others: the first identifier, else the first connection, else the entity is alone. */
    String deviceKey() {
        Object ids = device.get("identifiers");
        List<@Nullable Object> all = Json.items(ids);
        Object first = all.isEmpty() ? ids : all.get(0);
        if (first != null && !(first instanceof List) && !Scalars.text(first).isEmpty()) {
            return Scalars.text(first);
        }
        for (Object connection : Json.items(device.get("connections"))) {
            List<@Nullable Object> pair = Json.items(connection);
            if (pair.size() == 2 && pair.get(1) != null) {
                return Scalars.text(pair.get(1));
            }
        }
        return text("unique_id", component + "_" + objectId);
    }

    /** Facts of the device for people. */
    Map<String, String> deviceFacts() {
        Map<String, String> out = new LinkedHashMap<>();
        String[][] facts = {
            {"manufacturer", "manufacturer"},
            {"model", "model"},
            {"sw_version", "firmware"},
            {"hw_version", "hardware"},
            {"serial_number", "serial number"},
            {"suggested_area", "area"}
        };
        for (String[] f : facts) {
            Object v = device.get(f[0]);
            if (v != null && !Scalars.text(v).isEmpty()) {
                out.put(f[1], Scalars.text(v));
            }
        }
        return out;
    }
}
