package org.fieldhouse.demo.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small house with a small plant beside it, and how they behave: daylight, heat, damp, water. Deterministic: the same steps give
 * the same house. Rooms react within seconds, so that a spectator sees something; only the sun follows the demo's day.
 */
final class DemoHouse {
    private static final double DAY_SECONDS = 86_400;
    /** The demo begins here, so that it gets dark while somebody still watches. */
    private static final double START_HOUR = 16.5;

    private final Machines make = new Machines();
    final Machine hallMotion = make.motion("Hall/Motion");
    final Machine hallLight = make.dimmable("Hall/Light");
    final Machine smoke = make.alarm("Hall/Smoke", "FD-SMOKE", "smoke", "Smoke detector");
    final Machine siren = make.relay("Hall/Siren", "FD-SIREN", "Siren");
    final Machine door = make.lock("Front/Door");
    final Machine living = make.climateSensor("Living/Sensor", 20.4, 45);
    final Machine heater = make.relay("Living/Heater", "FD-RELAY", "Heating relay");
    final Machine lamp = make.coloured("Living/Lamp");
    final Machine blind = make.cover("Living/Blind");
    final Machine livingWindow = make.contact("Living/Window");
    final Machine button = make.button("Living/Button");
    final Machine bedroomWindow = make.contact("Bedroom/Window");
    final Machine radiator = make.radiator("Bedroom/Radiator");
    final Machine bath = make.climateSensor("Bath/Sensor", 22, 52);
    final Machine fan = make.fan("Bath/Fan");
    final Machine leak = make.alarm("Kitchen/Leak", "FD-LEAK", "water_leak", "Water leak sensor");
    final Machine mainValve =
            make.relay("Kitchen/Valve", "FD-VALVE", "Water main valve").with("state", "ON");
    final Machine washer = make.meteredPlug("Kitchen/Washer", "Metering plug of the washing machine")
            .with("state", "ON");
    final Machine tankLevel = make.meter("Tank/Level", "FD-LEVEL", "level", "%", "Filling level", 55.0);
    final Machine pump = make.pump("Tank/Pump");
    final Machine outlet = make.relay("Tank/Outlet", "FD-VALVE", "Outlet valve").with("state", "ON");
    final Machine flow = make.meter("Tank/Flow", "FD-FLOW", "flow", "m³/h", "Flow into the tank", 0);
    final Machine pressure =
            make.meter("Tank/Pressure", "FD-PRESSURE", "pressure", "kPa", "Pressure behind the pump", 110);

    private final List<Machine> all;
    private final Map<String, Machine> byName = new HashMap<>();
    private final double dayFactor;
    private double seconds;
    /** Relative humidity that the shower adds to the bath. */
    private double steam;

    private boolean shower;
    private boolean washing;
    private boolean pumpTripped;
    private double blindTarget = 100;

    /**
     * @param dayLength seconds that a day and a night of the demo last
     */
    DemoHouse(double dayLength) {
        dayFactor = DAY_SECONDS / dayLength;
        all = make.all();
        all.forEach(machine -> byName.put(machine.name, machine));
        blind.on("position", (m, v) -> moveBlind(v instanceof Number n ? n.doubleValue() : blindTarget));
        blind.on("state", (m, v) -> moveBlind("OPEN".equals(v) ? 100 : "CLOSE".equals(v) ? 0 : m.number("position")));
    }

    List<Machine> machines() {
        return all;
    }

    Optional<Machine> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Hour of the demo's day, 0 to 24. */
    double hour() {
        return (START_HOUR + seconds * dayFactor / 3_600) % 24;
    }

    /** Daylight indoors: 0 at night, 1 at noon. */
    private double daylight() {
        return Math.max(0, Math.sin((hour() - 6) / 12 * Math.PI));
    }

    private double outside() {
        return 6 + 5 * Math.sin((hour() - 9) / 12 * Math.PI);
    }

    void shower(boolean on) {
        shower = on;
    }

    void washing(boolean on) {
        washing = on;
    }

    void tripPump(boolean tripped) {
        pumpTripped = tripped;
    }

    private void moveBlind(double target) {
        blindTarget = Math.max(0, Math.min(100, target));
    }

    /** Lets time pass. */
    void tick(double dt) {
        seconds += dt;
        light();
        heat(dt);
        damp(dt);
        water(dt);
        move(dt);
        double power = !washer.is("state", "ON") ? 0 : washing ? 480 + 40 * Math.sin(seconds) : 0.4;
        washer.measure("power", power, 30);
        washer.measure("energy", washer.number("energy") + power * dt / 3_600_000, 0.01);
    }

    private void light() {
        double lux = 320 * daylight() + (hallLight.is("state", "ON") ? hallLight.number("brightness") / 254 * 12 : 0);
        double before = hallMotion.number("illuminance");
        hallMotion.measure("illuminance", Math.rint(lux), Math.max(10, before * 0.15));
    }

    /** A degree in about ten seconds; lost three times as slowly, faster through an open window. */
    private void heat(double dt) {
        double open = livingWindow.is("contact", false) ? 4 : 1;
        double t = exact("living", living.number("temperature"));
        t += dt * ((heater.is("state", "ON") ? 0.10 : 0) - open * (t - outside()) * 0.0018);
        exact.put("living", t);
        if (living.get("temperature") instanceof Number) {
            living.measure("temperature", t, 0.1);
        }
        living.measure("humidity", 45 + 2 * Math.sin(seconds / 60), 1);
        boolean heats = radiator.is("system_mode", "heat")
                && radiator.number("local_temperature") < radiator.number("occupied_heating_setpoint");
        radiator.put("running_state", heats ? "heat" : "idle");
        double cold = bedroomWindow.is("contact", false) ? 4 : 1;
        double b = exact("bedroom", radiator.number("local_temperature"));
        b += dt * ((heats ? 0.05 : 0) - cold * (b - outside()) * 0.0012);
        exact.put("bedroom", b);
        radiator.measure("local_temperature", b, 0.2);
    }

    /** What the sensors see only in steps. */
    private final Map<String, Double> exact = new HashMap<>();

    private double exact(String what, double atFirst) {
        return exact.computeIfAbsent(what, key -> atFirst);
    }

    private void damp(double dt) {
        double drying = fan.is("fan_state", "OFF") ? 0.01 : fan.is("fan_mode", "high") ? 0.12 : 0.06;
        steam += dt * ((shower ? 3.2 : 0) - steam * drying);
        bath.measure("humidity", Math.min(99, 52 + steam), 1);
        bath.measure("temperature", 22 + steam / 12, 0.2);
    }

    private void water(double dt) {
        if (pumpTripped && pump.is("state", "ON")) {
            pump.put("state", "OFF");
        }
        pump.put("fault", pumpTripped);
        boolean runs = pump.is("state", "ON");
        pump.measure("power", runs ? 740 + 10 * Math.sin(seconds / 3) : 0, 25);
        flow.measure("flow", runs ? 4.2 + 0.2 * Math.sin(seconds / 5) : 0, 0.3);
        pressure.measure("pressure", runs ? 245 + 5 * Math.sin(seconds / 4) : 110, 8);
        double level = exact("tank", tankLevel.number("level"));
        level += dt * ((runs ? 1.3 : 0) - (outlet.is("state", "ON") ? 0.4 : 0));
        level = Math.max(0, Math.min(100, level));
        exact.put("tank", level);
        tankLevel.measure("level", level, 1);
    }

    private void move(double dt) {
        double position = exact("blind", 100);
        double step = 30 * dt;
        double next = Math.abs(blindTarget - position) <= step
                ? blindTarget
                : position + Math.signum(blindTarget - position) * step;
        exact.put("blind", next);
        blind.put("position", Math.round(next));
        blind.put("state", next > 0 ? "OPEN" : "CLOSE");
    }
}
