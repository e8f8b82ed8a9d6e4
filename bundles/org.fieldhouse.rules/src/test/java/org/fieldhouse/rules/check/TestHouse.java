package org.fieldhouse.rules.check;

import static org.fieldhouse.api.model.PointSpec.control;
import static org.fieldhouse.api.model.PointSpec.measurement;
import static org.fieldhouse.api.model.PointSpec.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;

/** A small house and plant that fits the examples of the language's description. */
public final class TestHouse {
    private static final ValueSpec PERCENT = ValueSpec.quantity(Units.PERCENT, 0, 100);
    private static final ValueSpec CELSIUS = ValueSpec.quantity(Units.CELSIUS, -40, 80);
    private static final ValueSpec OPENING = ValueSpec.bool("closed", "open");

    private final List<DeviceInfo> devices = new ArrayList<>();

    private TestHouse() {}

    public static HouseModel model() {
        return new TestHouse().fill();
    }

    private HouseModel fill() {
        ArgumentSpec fade = new ArgumentSpec("fade", ValueSpec.quantity(Units.SECOND, 0, 60), false);
        PointSpec onoff = control("onoff", ValueSpec.ON_OFF).withParameters(List.of(fade));
        PointSpec brightness = control("brightness", PERCENT).withParameters(List.of(fade));
        points(
                "Hall.Motion",
                "motion",
                state("occupancy", ValueSpec.ON_OFF).withMaxAge(Duration.ofHours(1)),
                measurement("battery", PERCENT));
        points("Hall.Lux", "lux", measurement("illuminance", ValueSpec.quantity(Units.LUX)));
        points("Hall.Light", "light", onoff, brightness, control("colour", ValueSpec.COLOUR));
        points("Living.Lamp", "light", onoff, brightness);
        points("Hall.Dimmer", "dimmer", state("onoff", ValueSpec.ON_OFF), measurement("brightness", PERCENT));
        points("Living.Temp", "thermometer", measurement("temperature", CELSIUS), measurement("humidity", PERCENT));
        points("Bath.Temp", "thermometer", measurement("temperature", CELSIUS), measurement("humidity", PERCENT));
        points("Living.Setpoint", "setpoint", control("setpoint", ValueSpec.quantity(Units.CELSIUS, 5, 30)));
        points("Living.Valve", "valve", control("onoff", ValueSpec.ON_OFF));
        points(
                "Living.Thermostat",
                "thermostat",
                control("mode", ValueSpec.choice(List.of("off", "heat", "cool", "auto"))),
                control("setpoint", ValueSpec.quantity(Units.CELSIUS, 5, 30)));
        points("Tank1.Level", "level", measurement("level", PERCENT));
        points("Line1.Flow", "flow", measurement("flow", ValueSpec.quantity(Units.of("m³/h"))));
        points(
                "P1",
                "pump",
                control("onoff", ValueSpec.ON_OFF),
                measurement("power", ValueSpec.quantity(Units.of("kW"))));
        points("P1.Fault", "contact", state("fault", ValueSpec.ON_OFF));
        points("V1", "valve", control("open", OPENING), control("position", PERCENT));
        for (String room : List.of("Kitchen", "Bath", "Bedroom")) {
            points(room + ".Window", "window", state("contact", OPENING));
        }
        points("Front.Door", "door", state("contact", OPENING));
        points("Ada", "presence", state("presence", ValueSpec.bool("away", "home")));
        points("Bob", "presence", state("presence", ValueSpec.bool("away", "home")));
        points("küche/licht 2", "light", onoff);
        points(
                "Hall.Fan",
                "fan",
                control("on", ValueSpec.ON_OFF),
                control("when", ValueSpec.ON_OFF),
                control("end", PERCENT));
        ArgumentSpec times = new ArgumentSpec("times", ValueSpec.quantity(Unit.ONE, 1, 10), true);
        ArgumentSpec tone = new ArgumentSpec("tone", ValueSpec.choice(List.of("low", "high")), false);
        device(
                "Front.Lock",
                "lock",
                List.of(control("lock", ValueSpec.bool("unlocked", "locked"))),
                List.of(
                        new ActionSpec("beep", List.of(times, tone), false, ""),
                        new ActionSpec("set", List.of(), true, "")),
                List.of());
        EventSpec pressed = new EventSpec(
                "pressed",
                List.of(
                        new ArgumentSpec("count", ValueSpec.quantity(Unit.ONE), false),
                        new ArgumentSpec("side", ValueSpec.choice(List.of("left", "right")), false)),
                "");
        device("Hall.Button", "button", List.of(), List.of(), List.of(pressed, new EventSpec("when", List.of(), "")));
        device("Panel1.Start", "button", List.of(), List.of(), List.of(pressed));
        return new HouseModel(devices);
    }

    private void points(String name, String type, PointSpec... points) {
        device(name, type, List.of(points), List.of(), List.of());
    }

    private void device(
            String name, String type, List<PointSpec> points, List<ActionSpec> actions, List<EventSpec> events) {
        String main = points.isEmpty() ? null : points.get(0).name();
        DeviceDescription description = new DeviceDescription(type, points, actions, events, main, Map.of());
        String area = name.contains(".") ? name.substring(0, name.indexOf('.')) : "";
        devices.add(new DeviceInfo(
                DeviceId.of("test/" + name + "/" + devices.size()),
                name,
                "test",
                null,
                area,
                Set.of(),
                description,
                Status.ONLINE));
    }
}
