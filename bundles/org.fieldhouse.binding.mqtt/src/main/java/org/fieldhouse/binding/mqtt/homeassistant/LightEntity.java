package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.codec.HueSaturation;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.fieldhouse.binding.mqtt.template.Template;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.jspecify.annotations.Nullable;

/** Lights, in the three schemas {@code basic}, {@code json} and {@code template}. */
final class LightEntity {
    private static final double MEGA = 1e6;
    private static final double KELVIN_GRAIN = 50;
    private static final double GRAIN = 1e4;
    /** 255 where 254 was announced is full. */
    private static final double SCALE_SLACK = 1.02;

    private final EntityBuilder b;
    private final String onoff;
    private final String brightness;
    private final String temperature;
    private final String colour;
    private final String effect;
    private final double scale;
    private final boolean kelvin;

    private LightEntity(EntityBuilder b) {
        this.b = b;
        onoff = b.named("onoff");
        brightness = b.part("brightness");
        temperature = b.part("color_temp");
        colour = b.part("color");
        effect = b.part("effect");
        scale = Math.max(1, b.config.number("brightness_scale", 255));
        kelvin = b.config.flag("color_temp_kelvin", false);
    }

    static void add(EntityBuilder b) throws TemplateException {
        LightEntity light = new LightEntity(b);
        switch (b.config.text("schema", "basic")) {
            case "basic", "default" -> light.basic();
            case "json" -> light.json();
            case "template" -> light.template();
            default -> throw new TemplateException("schema '" + b.config.text("schema", "") + "'");
        }
    }

    // ---- shared values

    private ValueSpec percent() {
        return ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(0.5);
    }

    private Reading brightness(double raw) {
        return !(raw >= 0 && raw <= scale * SCALE_SLACK)
                ? Reading.bad("brightness is not a number from 0 to " + scale + ": " + raw)
                : Reading.good(new Quantity(Math.min(100, Math.round(raw * 200 / scale) / 2.0), Units.PERCENT));
    }

    private long brightnessWire(Value v) {
        return v instanceof Quantity q ? Math.round(q.number() * scale / 100) : 0;
    }

    private ValueSpec temperatureSpec() {
        double low = b.config.number("min_kelvin", MEGA / b.config.number("max_mireds", 500));
        double high = b.config.number("max_kelvin", MEGA / b.config.number("min_mireds", 153));
        return low > 0 && low < high && high < 1e5
                ? ValueSpec.quantity(Units.KELVIN, grain(low), grain(high)).withStep(KELVIN_GRAIN)
                : ValueSpec.quantity(Units.KELVIN).withStep(KELVIN_GRAIN);
    }

    private static double grain(double k) {
        return Math.round(k / KELVIN_GRAIN) * KELVIN_GRAIN;
    }

    private Reading temperature(double raw) {
        return raw >= 1
                ? Reading.good(new Quantity(grain(kelvin ? raw : MEGA / raw), Units.KELVIN))
                : Reading.bad("colour temperature is not a number above 0");
    }

    private long temperatureWire(Value v) {
        double k = v instanceof Quantity q ? Math.max(1, q.number()) : 1;
        return Math.round(kelvin ? k : MEGA / k);
    }

    private static double round4(double d) {
        return Math.round(d * GRAIN) / GRAIN;
    }

    // ---- basic

    private void basic() throws TemplateException {
        EntityConfig c = b.config;
        String on = c.text("payload_on", "ON");
        String off = c.text("payload_off", "OFF");
        b.point(onoff, ValueSpec.ON_OFF)
                .from("state_topic", List.of("state_value_template"), b.twoWords(on, off))
                .to("command_topic", "", v -> Bool.ON.equals(v) ? on : off)
                .add();
        b.point(brightness, percent())
                .from(
                        "brightness_state_topic",
                        List.of("brightness_value_template"),
                        r -> brightness(Scalars.number(r)))
                .to("brightness_command_topic", "brightness_command_template", v -> Long.toString(brightnessWire(v)))
                .add();
        b.point(temperature, temperatureSpec())
                .from(
                        "color_temp_state_topic",
                        List.of("color_temp_value_template"),
                        r -> temperature(Scalars.number(r)))
                .to("color_temp_command_topic", "color_temp_command_template", v -> Long.toString(temperatureWire(v)))
                .add();
        colour();
        var effects = EntityBuilder.choices(c.texts("effect_list"));
        if (effects.isPresent()) {
            b.point(effect, effects.get())
                    .from(
                            "effect_state_topic",
                            List.of("effect_value_template"),
                            EntityBuilder.choice(effects.get().options()))
                    .to("effect_command_topic", "effect_command_template", EntityBuilder::wire)
                    .add();
        }
    }

    /** The first of the three ways to say a colour that is there; a template of its own variables is not supported. */
    private void colour() throws TemplateException {
        for (String way : List.of("xy", "hs", "rgb")) {
            if (b.config.has(way + "_command_topic") || b.config.has(way + "_state_topic")) {
                if (b.config.has(way + "_command_template")) {
                    throw new TemplateException(way + "_command_template '"
                            + b.config.text(way + "_command_template", "") + "' is not supported");
                }
                b.point(colour, ValueSpec.COLOUR)
                        .from(way + "_state_topic", List.of(way + "_value_template"), r -> list(way, r))
                        .to(way + "_command_topic", "", v -> list(way, v))
                        .add();
                return;
            }
        }
    }

    private static Reading list(String way, String raw) {
        if (way.equals("rgb")) {
            return Scalars.colour(raw);
        }
        String[] parts = raw.split(",");
        double first = parts.length == 2 ? Scalars.number(parts[0].strip()) : Double.NaN;
        double second = parts.length == 2 ? Scalars.number(parts[1].strip()) : Double.NaN;
        return colour(way, first, second, raw);
    }

    private static Reading colour(String way, double first, double second, Object raw) {
        if (way.equals("xy") && first >= 0 && first <= 1 && second >= 0 && second <= 1) {
            return Reading.good(new Colour(first, second));
        }
        if (way.equals("hs") && first >= 0 && first <= 360 && second >= 0 && second <= 100) {
            return Reading.good(Colour.ofRgb(HueSaturation.toRgb(first, second)));
        }
        return Reading.bad(Scalars.shown(raw) + " is not a colour");
    }

    private static String list(String way, Value v) {
        Colour c = v instanceof Colour is ? is : new Colour(0, 0);
        int rgb = c.toRgb();
        double[] hs = HueSaturation.ofRgb(rgb);
        return switch (way) {
            case "xy" -> round4(c.x()) + "," + round4(c.y());
            case "hs" -> JsonWriter.number(round4(hs[0])) + "," + JsonWriter.number(round4(hs[1]));
            default -> (rgb >> 16 & 0xff) + "," + (rgb >> 8 & 0xff) + "," + (rgb & 0xff);
        };
    }

    // ---- json

    private void json() throws TemplateException {
        EntityConfig c = b.config;
        List<String> modes = c.texts("supported_color_modes");
        boolean coloured = modes.stream().anyMatch(m -> m.equals("xy") || m.equals("hs") || m.startsWith("rgb"));
        boolean tempered = modes.contains("color_temp");
        boolean dims = c.flag("brightness", false) || coloured || tempered || modes.contains("brightness");
        String way = modes.contains("xy") ? "xy" : modes.contains("hs") ? "hs" : "rgb";
        String topic = b.topic("command_topic");
        Entity.Writer writer = all -> List.of(b.publication(topic, JsonWriter.write(frame(way, all))));
        boolean told = c.has("state_topic");
        var effects = EntityBuilder.choices(c.texts("effect_list"));
        if (told) {
            b.input("state_topic", onoff, (m, sink) -> {
                Map<String, @Nullable Object> state;
                try {
                    state = Json.object(m.json());
                } catch (JsonException e) {
                    throw new TemplateException(String.valueOf(e.getMessage()));
                }
                if (state == null) {
                    throw new TemplateException(Scalars.shown(m.text()) + " is no JSON object");
                }
                read(state, sink, dims, tempered, coloured, effects.isPresent());
            });
        }
        add(onoff, ValueSpec.ON_OFF, writer, told);
        if (dims) {
            add(brightness, percent(), writer, told);
        }
        if (tempered) {
            add(temperature, temperatureSpec(), writer, told);
        }
        if (coloured) {
            add(colour, ValueSpec.COLOUR, writer, told);
        }
        if (effects.isPresent()) {
            add(effect, effects.get(), writer, told);
        }
    }

    private void add(String name, ValueSpec spec, Entity.Writer writer, boolean told) {
        EntityBuilder.Point p = b.point(name, spec).by(writer).fades();
        (told ? p.read() : p).add();
    }

    private void read(
            Map<String, @Nullable Object> state,
            Entity.Sink sink,
            boolean dims,
            boolean tempered,
            boolean coloured,
            boolean effects) {
        each(state, "state", raw -> b.twoWords("ON", "OFF").apply(Scalars.text(raw)), onoff, sink);
        if (dims) {
            each(state, "brightness", raw -> brightness(Scalars.number(raw)), brightness, sink);
        }
        if (tempered) {
            each(state, "color_temp", raw -> temperature(Scalars.number(raw)), temperature, sink);
        }
        if (coloured) {
            each(state, "color", LightEntity::object, colour, sink);
        }
        if (effects) {
            each(state, "effect", raw -> Reading.good(new Choice(Scalars.text(raw))), effect, sink);
        }
    }

    private static void each(
            Map<String, @Nullable Object> state,
            String key,
            Function<Object, Reading> decoder,
            String point,
            Entity.Sink sink) {
        Object raw = state.get(key);
        if (raw != null && !Scalars.text(raw).isEmpty()) {
            sink.report(point, decoder.apply(raw));
        }
    }

    private static Reading object(Object raw) {
        Map<String, @Nullable Object> o = Json.object(raw);
        if (o == null) {
            return Reading.bad(Scalars.shown(raw) + " is not a colour");
        }
        if (o.get("x") != null) {
            return colour("xy", Scalars.number(o.get("x")), Scalars.number(o.get("y")), raw);
        }
        if (o.get("hue") != null) {
            return colour("hs", Scalars.number(o.get("hue")), Scalars.number(o.get("saturation")), raw);
        }
        if (o.get("h") != null) {
            return colour("hs", Scalars.number(o.get("h")), Scalars.number(o.get("s")), raw);
        }
        return Scalars.colour(
                Scalars.text(o.get("r")) + "," + Scalars.text(o.get("g")) + "," + Scalars.text(o.get("b")));
    }

    private Map<String, Object> frame(String way, Map<String, Value> all) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("state", Bool.OFF.equals(all.get(onoff)) ? "OFF" : "ON");
        if (all.get(brightness) instanceof Quantity q) {
            frame.put("brightness", brightnessWire(q));
        }
        if (all.get(temperature) instanceof Quantity q) {
            frame.put("color_temp", temperatureWire(q));
        }
        if (all.get(colour) instanceof Colour c) {
            int rgb = c.toRgb();
            double[] hs = HueSaturation.ofRgb(rgb);
            frame.put(
                    "color",
                    switch (way) {
                        case "xy" -> Map.of("x", round4(c.x()), "y", round4(c.y()));
                        case "hs" -> Map.of("h", round4(hs[0]), "s", round4(hs[1]));
                        default -> Map.of("r", rgb >> 16 & 0xff, "g", rgb >> 8 & 0xff, "b", rgb & 0xff);
                    });
        }
        if (all.get(effect) instanceof Choice e) {
            frame.put("effect", e.option());
        }
        if (all.get("fade") instanceof Quantity q) {
            frame.put("transition", q.in(Units.SECOND).number());
        }
        return frame;
    }

    // ---- template

    private void template() throws TemplateException {
        Set<String> words = Set.of(
                "state",
                "brightness",
                "color_temp",
                "red",
                "green",
                "blue",
                "hue",
                "sat",
                "effect",
                "transition",
                "flash");
        Template on = b.template("command_on_template", words);
        Template off = b.template("command_off_template", words);
        if (on == null || off == null) {
            throw new TemplateException("a light of this schema needs command_on_template and command_off_template");
        }
        String topic = b.topic("command_topic");
        Entity.Writer writer = all -> {
            Map<String, @Nullable Object> scope = scope(all);
            return List.of(b.publication(topic, ("off".equals(scope.get("state")) ? off : on).render(scope)));
        };
        b.point(onoff, ValueSpec.ON_OFF)
                .from(
                        b.config.has("state_template") ? "state_topic" : "",
                        List.of("state_template"),
                        b.twoWords("on", "off"))
                .by(writer)
                .fades()
                .add();
        if (b.config.has("brightness_template")) {
            b.point(brightness, percent())
                    .from("state_topic", List.of("brightness_template"), r -> brightness(Scalars.number(r)))
                    .by(writer)
                    .fades()
                    .add();
        }
        if (b.config.has("color_temp_template")) {
            b.point(temperature, temperatureSpec())
                    .from("state_topic", List.of("color_temp_template"), r -> temperature(Scalars.number(r)))
                    .by(writer)
                    .fades()
                    .add();
        }
        for (String key : List.of("red_template", "effect_template")) {
            if (b.config.has(key)) {
                throw new TemplateException(key + " '" + b.config.text(key, "") + "' is not supported");
            }
        }
    }

    private Map<String, @Nullable Object> scope(Map<String, Value> all) {
        Map<String, @Nullable Object> scope = new HashMap<>();
        scope.put("state", Bool.OFF.equals(all.get(onoff)) ? "off" : "on");
        if (all.get(brightness) instanceof Quantity q) {
            scope.put("brightness", brightnessWire(q));
        }
        if (all.get(temperature) instanceof Quantity q) {
            scope.put("color_temp", temperatureWire(q));
        }
        if (all.get("fade") instanceof Quantity q) {
            scope.put("transition", q.in(Units.SECOND).number());
        }
        return scope;
    }
}
