package org.fieldhouse.binding.mqtt.homeassistant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/** Writes short keys out, and the base topic {@code ~} into the topics that use it. Pure. */
final class Abbreviations {
    private static final Map<String, String> LONG = load();

    private Abbreviations() {}

    private static Map<String, String> load() {
        try (InputStream in = Abbreviations.class.getResourceAsStream("abbreviations.properties")) {
            Properties p = new Properties();
            if (in != null) {
                p.load(in);
            }
            Map<String, String> out = new HashMap<>();
            p.stringPropertyNames().forEach(k -> out.put(k, p.getProperty(k)));
            return Map.copyOf(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same object with every key written out, at every depth; the base is that of the object or of the one around it. */
    static Map<String, @Nullable Object> expand(Map<String, @Nullable Object> json, String outerBase) {
        String base = json.get("~") instanceof String own ? own : outerBase;
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> e : json.entrySet()) {
            String key = LONG.getOrDefault(e.getKey(), e.getKey());
            if (!key.equals("~")) {
                out.put(
                        key,
                        key.equals("components") ? components(e.getValue(), base) : value(key, e.getValue(), base));
            }
        }
        return out;
    }

    /** Of components the keys are ids, not words. */
    private static @Nullable Object components(@Nullable Object value, String base) {
        Map<String, @Nullable Object> all = Json.object(value);
        if (all == null) {
            return value;
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        all.forEach((id, c) -> {
            Map<String, @Nullable Object> one = Json.object(c);
            out.put(id, one == null ? c : expand(one, base));
        });
        return out;
    }

    private static @Nullable Object value(String key, @Nullable Object value, String base) {
        Map<String, @Nullable Object> object = Json.object(value);
        if (object != null) {
            return expand(object, base);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            for (Object item : list) {
                out.add(value(key, item, base));
            }
            return out;
        }
        boolean topic = key.equals("topic") || key.endsWith("_topic");
        if (topic && !base.isEmpty() && value instanceof String s) {
            return s.startsWith("~")
                    ? base + s.substring(1)
                    : s.endsWith("~") ? s.substring(0, s.length() - 1) + base : s;
        }
        return value;
    }
}
