package org.fieldhouse.rules.check;

import static org.fieldhouse.api.model.PointSpec.control;
import static org.fieldhouse.api.model.PointSpec.measurement;
import static org.fieldhouse.api.model.PointSpec.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;

/**
 * The kinds of devices that a rule file can expect before they are there: {@code expect Hall.Motion: motion}. Point names follow
 * the convention of {@link PointSpec#name()}; the first point is the main one.
 */
final class Catalogue {
    private static final ValueSpec PERCENT = ValueSpec.quantity(Units.PERCENT, 0, 100);
    private static final ValueSpec CELSIUS = ValueSpec.quantity(Units.CELSIUS);
    private static final ArgumentSpec FADE = new ArgumentSpec("fade", ValueSpec.quantity(Units.SECOND, 0, 3600), false);
    private static final Map<String, DeviceDescription> TYPES = new LinkedHashMap<>();

    static {
        PointSpec onoff = control("onoff", ValueSpec.ON_OFF);
        PointSpec fading = onoff.withParameters(List.of(FADE));
        PointSpec brightness = control("brightness", PERCENT).withParameters(List.of(FADE));
        PointSpec battery = measurement("battery", PERCENT).withCategory(Category.DIAGNOSTIC);
        PointSpec power = measurement("power", ValueSpec.quantity(Units.WATT));
        PointSpec energy = measurement("energy", ValueSpec.quantity(Units.KILOWATT_HOUR));
        PointSpec temperature = measurement("temperature", CELSIUS);
        PointSpec position = control("position", PERCENT);
        ValueSpec opening = ValueSpec.bool("closed", "open");
        List<PointSpec> none = List.of();

        put(
                "motion",
                state("occupancy", ValueSpec.ON_OFF),
                measurement("illuminance", ValueSpec.quantity(Units.LUX)),
                battery);
        put("presence", state("presence", ValueSpec.bool("away", "home")));
        put("contact", state("contact", opening), battery);
        put("door", state("contact", opening), battery);
        put("window", state("contact", opening), battery);
        put(
                "light",
                fading,
                brightness,
                control("color_temp", ValueSpec.quantity(Units.KELVIN)),
                control("colour", ValueSpec.COLOUR));
        put("dimmer", fading, brightness);
        put("switch", onoff);
        put("plug", onoff, power, energy);
        put("fan", onoff, control("speed", PERCENT));
        put("thermometer", temperature, measurement("humidity", PERCENT), battery);
        put("hygrometer", measurement("humidity", PERCENT), temperature, battery);
        put("lux", measurement("illuminance", ValueSpec.quantity(Units.LUX)), battery);
        put("smoke", state("smoke", ValueSpec.ON_OFF), battery);
        put("leak", state("water_leak", ValueSpec.ON_OFF), battery);
        put("co2", measurement("co2", ValueSpec.quantity(Units.of("ppm"))), temperature);
        put(
                "thermostat",
                measurement("temperature", CELSIUS),
                control("setpoint", ValueSpec.quantity(Units.CELSIUS, 5, 35)).withCategory(Category.SETPOINT),
                control("mode", ValueSpec.choice(List.of("off", "heat", "cool", "auto"))));
        put("valve", control("open", opening), position);
        put("cover", position, control("open", opening));
        put("lock", control("lock", ValueSpec.bool("unlocked", "locked")), battery);
        put("siren", onoff);
        put("pump", onoff, state("fault", ValueSpec.ON_OFF), power);
        put("motor", onoff, state("fault", ValueSpec.ON_OFF), power);
        put("heater", onoff, power);
        put("level", measurement("level", PERCENT));
        put("flow", measurement("flow", ValueSpec.quantity(Units.of("m³/h"))));
        put("pressure", measurement("pressure", ValueSpec.quantity(Units.of("bar"))));
        put("meter", power, energy);
        put(
                "button",
                none,
                List.of(),
                List.of(event("pressed"), event("double_pressed"), event("held"), event("released")));
        ActionSpec snapshot = new ActionSpec("snapshot", List.of(), true, "");
        put("camera", List.of(state("motion", ValueSpec.ON_OFF)), List.of(snapshot), List.of());
    }

    private Catalogue() {}

    static Optional<DeviceDescription> find(String type) {
        return Optional.ofNullable(TYPES.get(type));
    }

    static Set<String> names() {
        return TYPES.keySet();
    }

    private static EventSpec event(String name) {
        return new EventSpec(name, List.of(new ArgumentSpec("count", ValueSpec.quantity(Unit.ONE), false)), "");
    }

    private static void put(String type, PointSpec... points) {
        put(type, List.of(points), List.of(), List.of());
    }

    private static void put(String type, List<PointSpec> points, List<ActionSpec> actions, List<EventSpec> events) {
        String main = points.isEmpty() ? null : points.get(0).name();
        TYPES.put(type, new DeviceDescription(type, new ArrayList<>(points), actions, events, main, Map.of()));
    }
}
