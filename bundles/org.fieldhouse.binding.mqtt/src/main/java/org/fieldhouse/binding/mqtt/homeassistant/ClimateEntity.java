package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.List;
import java.util.Optional;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.binding.mqtt.template.TemplateException;

/** Air: thermostats, fans, humidifiers. */
final class ClimateEntity {
    private static final List<String> MODES = List.of("auto", "off", "cool", "heat", "dry", "fan_only");
    private static final List<String> ACTIONS =
            List.of("off", "heating", "cooling", "drying", "idle", "fan", "preheating", "defrosting");
    private static final List<String> FAN_MODES = List.of("auto", "low", "medium", "high");
    private static final List<String> SWING_MODES = List.of("on", "off");

    private ClimateEntity() {}

    static void climate(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        Unit unit = c.text("temperature_unit", "C").equals("F") ? Units.FAHRENHEIT : Units.CELSIUS;
        b.point(b.named("temperature"), ValueSpec.quantity(unit))
                .category(Category.MEASUREMENT)
                .from(
                        "current_temperature_topic",
                        List.of("current_temperature_template", "value_template"),
                        EntityBuilder.number(unit, 1))
                .add();
        setpoint(b, unit, "setpoint", "temperature");
        setpoint(b, unit, "setpoint_low", "temperature_low");
        setpoint(b, unit, "setpoint_high", "temperature_high");
        choice(b, "mode", "mode", "mode_state_template", c.texts("modes"), MODES);
        choice(b, "running_state", "action", "action_template", List.of(), ACTIONS);
        choice(b, "fan_mode", "fan_mode", "fan_mode_state_template", c.texts("fan_modes"), FAN_MODES);
        choice(b, "swing_mode", "swing_mode", "swing_mode_state_template", c.texts("swing_modes"), SWING_MODES);
        choice(b, "preset", "preset_mode", "preset_mode_value_template", presets(c), List.of());
        b.point(b.part("humidity"), ValueSpec.quantity(Units.PERCENT))
                .category(Category.MEASUREMENT)
                .from(
                        "current_humidity_topic",
                        List.of("current_humidity_template", "value_template"),
                        EntityBuilder.number(Units.PERCENT, 1))
                .add();
        targetHumidity(b);
        b.point(b.part("onoff"), ValueSpec.ON_OFF)
                .to(
                        "power_command_topic",
                        "power_command_template",
                        v -> Bool.ON.equals(v) ? c.text("payload_on", "ON") : c.text("payload_off", "OFF"))
                .add();
    }

    private static List<String> presets(EntityConfig c) {
        List<String> all = new java.util.ArrayList<>(c.texts("preset_modes"));
        if (!all.isEmpty() && !all.contains("none")) {
            all.add(0, "none");
        }
        return all;
    }

    private static void setpoint(EntityBuilder b, Unit unit, String name, String key) throws TemplateException {
        boolean fahrenheit = unit.equals(Units.FAHRENHEIT);
        ValueSpec range =
                b.range(unit, "min_temp", "max_temp", fahrenheit ? 44.6 : 7.0, fahrenheit ? 95.0 : 35.0, "temp_step");
        b.point(b.part(name), range)
                .category(Category.SETPOINT)
                .from(
                        key + "_state_topic",
                        List.of(key + "_state_template", "value_template"),
                        EntityBuilder.number(unit, 1))
                .to(key + "_command_topic", key + "_command_template", EntityBuilder::wire)
                .add();
    }

    private static void targetHumidity(EntityBuilder b) throws TemplateException {
        ValueSpec range = b.range(Units.PERCENT, "min_humidity", "max_humidity", 0.0, 100.0, "");
        b.point(b.part("target_humidity"), range)
                .category(Category.SETPOINT)
                .from(
                        "target_humidity_state_topic",
                        List.of("target_humidity_state_template"),
                        EntityBuilder.number(Units.PERCENT, 1))
                .to("target_humidity_command_topic", "target_humidity_command_template", EntityBuilder::wire)
                .add();
    }

    private static void choice(
            EntityBuilder b, String name, String key, String template, List<String> said, List<String> usual)
            throws TemplateException {
        Optional<ValueSpec> options = EntityBuilder.choices(said.isEmpty() ? usual : said);
        if (options.isEmpty()) {
            return;
        }
        String state = key.equals("action") ? "action_topic" : key + "_state_topic";
        b.point(b.part(name), options.get())
                .from(
                        state,
                        List.of(template, "value_template"),
                        EntityBuilder.choice(options.get().options()))
                .to(key + "_command_topic", key + "_command_template", EntityBuilder::wire)
                .add();
    }

    static void fan(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        String on = c.text("payload_on", "ON");
        String off = c.text("payload_off", "OFF");
        b.point(b.named("onoff"), ValueSpec.ON_OFF)
                .from("state_topic", List.of("state_value_template"), b.twoWords(on, off))
                .to("command_topic", "command_template", v -> Bool.ON.equals(v) ? on : off)
                .add();
        double min = c.number("speed_range_min", 1);
        double max = Math.max(min, c.number("speed_range_max", 100));
        double steps = max - min + 1;
        // Speed 0 is off; min to max are the steps above it.
        b.point(b.part("speed"), ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(100 / steps))
                .from(
                        "percentage_state_topic",
                        List.of("percentage_value_template"),
                        r -> CoverStates.percent(r, min - 1, 100 / steps))
                .to(
                        "percentage_command_topic",
                        "percentage_command_template",
                        v -> EntityBuilder.wire(Quantity.of(CoverStates.wire(v, min - 1, 100 / steps))))
                .add();
        choice(b, "preset", "preset_mode", "preset_mode_value_template", c.texts("preset_modes"), List.of());
        String oscillates = c.text("payload_oscillation_on", "oscillate_on");
        String still = c.text("payload_oscillation_off", "oscillate_off");
        b.point(b.part("oscillating"), ValueSpec.ON_OFF)
                .from("oscillation_state_topic", List.of("oscillation_value_template"), b.twoWords(oscillates, still))
                .to(
                        "oscillation_command_topic",
                        "oscillation_command_template",
                        v -> Bool.ON.equals(v) ? oscillates : still)
                .add();
        choice(b, "direction", "direction", "direction_value_template", List.of(), List.of("forward", "reverse"));
    }

    static void humidifier(EntityBuilder b) throws TemplateException {
        EntityConfig c = b.config;
        String on = c.text("payload_on", "ON");
        String off = c.text("payload_off", "OFF");
        b.point(b.named("onoff"), ValueSpec.ON_OFF)
                .from("state_topic", List.of("state_value_template"), b.twoWords(on, off))
                .to("command_topic", "command_template", v -> Bool.ON.equals(v) ? on : off)
                .add();
        targetHumidity(b);
        choice(b, "mode", "mode", "mode_state_template", c.texts("modes"), List.of());
        b.point(b.part("humidity"), ValueSpec.quantity(Units.PERCENT))
                .category(Category.MEASUREMENT)
                .from(
                        "current_humidity_topic",
                        List.of("current_humidity_template"),
                        EntityBuilder.number(Units.PERCENT, 1))
                .add();
    }
}
