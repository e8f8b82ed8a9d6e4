package org.fieldhouse.demo.sim;

import static org.fieldhouse.demo.sim.Exposes.READ;
import static org.fieldhouse.demo.sim.Exposes.binary;
import static org.fieldhouse.demo.sim.Exposes.choice;
import static org.fieldhouse.demo.sim.Exposes.numeric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The devices of the demonstration, by kind. */
final class Machines {
    private final List<Machine> all = new ArrayList<>();

    private Machine add(String name, String model, String what, boolean mains, List<Map<String, Object>> exposes) {
        Machine machine = new Machine(all.size() + 1, name, model, what, mains, exposes);
        all.add(machine);
        return machine;
    }

    List<Machine> all() {
        return List.copyOf(all);
    }

    Machine motion(String name) {
        return add(
                        name,
                        "FD-MOTION",
                        "Motion and light sensor",
                        false,
                        List.of(
                                binary(
                                        "occupancy",
                                        READ,
                                        true,
                                        false,
                                        "Indicates whether the device detected occupancy"),
                                numeric("illuminance", READ, "lx", "Measured illuminance")))
                .with("occupancy", false)
                .with("illuminance", 200.0);
    }

    /** {@code contact} is true when closed, as Zigbee2MQTT has it. */
    Machine contact(String name) {
        return add(
                        name,
                        "FD-CONTACT",
                        "Door or window contact",
                        false,
                        List.of(binary("contact", READ, false, true, "Indicates if the contact is closed (= true)")))
                .with("contact", true);
    }

    Machine climateSensor(String name, double temperature, double humidity) {
        return add(
                        name,
                        "FD-TH",
                        "Temperature and humidity sensor",
                        false,
                        List.of(
                                numeric("temperature", READ, "°C", "Measured temperature value"),
                                numeric("humidity", READ, "%", "Measured relative humidity")))
                .with("temperature", temperature)
                .with("humidity", humidity);
    }

    Machine button(String name) {
        return add(
                name,
                "FD-BUTTON",
                "Wireless button",
                false,
                List.of(choice(
                        "action",
                        READ,
                        List.of("single", "double", "hold"),
                        "Triggered action (e.g. a button click)")));
    }

    Machine alarm(String name, String model, String property, String what) {
        return add(name, model, what, false, List.of(binary(property, READ, true, false, what)))
                .with(property, false);
    }

    Machine dimmable(String name) {
        return lamp(add(name, "FD-DIM", "Dimmable light", true, List.of(Exposes.dimmableLight())));
    }

    Machine coloured(String name) {
        return lamp(add(name, "FD-COLOUR", "Colour light", true, List.of(Exposes.colourLight())))
                .with("color_temp", 370L)
                .with("color", Map.of("x", 0.46, "y", 0.41))
                .on("color_temp", Machines::store)
                .on("color", (m, v) -> m.put("color", v));
    }

    private static Machine lamp(Machine machine) {
        return switched(machine).with("brightness", 254L).on("brightness", (m, v) -> {
            if (v instanceof Number n) {
                long level = Math.max(0, Math.min(254, n.longValue()));
                m.put("brightness", level);
                m.put("state", level == 0 ? "OFF" : "ON");
            }
        });
    }

    Machine relay(String name, String model, String what) {
        return switched(add(name, model, what, true, List.of(Exposes.onOffSwitch())));
    }

    Machine meteredPlug(String name, String what) {
        return switched(add(
                        name,
                        "FD-PLUG",
                        what,
                        true,
                        List.of(
                                Exposes.onOffSwitch(),
                                numeric("power", READ, "W", "Instantaneous measured power"),
                                numeric("energy", READ, "kWh", "Sum of consumed energy"))))
                .with("power", 0.0)
                .with("energy", 12.3);
    }

    Machine pump(String name) {
        return switched(add(
                        name,
                        "FD-PUMP",
                        "Transfer pump",
                        true,
                        List.of(
                                Exposes.onOffSwitch(),
                                numeric("power", READ, "W", "Instantaneous measured power"),
                                binary("fault", READ, true, false, "The motor protection has tripped"))))
                .with("power", 0.0)
                .with("fault", false);
    }

    Machine meter(String name, String model, String property, String unit, String what, double value) {
        return add(name, model, what, true, List.of(numeric(property, READ, unit, what)))
                .with(property, value);
    }

    Machine lock(String name) {
        return add(name, "FD-LOCK", "Door lock", false, List.of(Exposes.lock()))
                .with("state", "LOCK")
                .with("lock_state", "locked")
                .on("state", (m, v) -> {
                    m.put("state", v);
                    m.put("lock_state", "LOCK".equals(v) ? "locked" : "unlocked");
                });
    }

    /** Moves towards {@code target}, which is no property of its messages, see {@link DemoHouse}. */
    Machine cover(String name) {
        return add(name, "FD-BLIND", "Window blind", true, List.of(Exposes.cover()))
                .with("position", 100L)
                .with("state", "OPEN");
    }

    Machine fan(String name) {
        return add(name, "FD-FAN", "Extractor fan", true, List.of(Exposes.fan()))
                .with("fan_state", "OFF")
                .with("fan_mode", "off")
                .on("fan_state", (m, v) -> {
                    boolean on = "ON".equals(v) || "TOGGLE".equals(v) && m.is("fan_state", "OFF");
                    m.put("fan_state", on ? "ON" : "OFF");
                    m.put("fan_mode", on ? (m.is("fan_mode", "off") ? "low" : m.get("fan_mode")) : "off");
                })
                .on("fan_mode", (m, v) -> {
                    m.put("fan_mode", v);
                    m.put("fan_state", "off".equals(v) ? "OFF" : "ON");
                });
    }

    Machine radiator(String name) {
        return add(name, "FD-TRV", "Radiator thermostat", false, List.of(Exposes.climate()))
                .with("occupied_heating_setpoint", 20.0)
                .with("local_temperature", 19.4)
                .with("system_mode", "heat")
                .with("running_state", "heat")
                .on("occupied_heating_setpoint", (m, v) -> {
                    if (v instanceof Number n) {
                        m.put("occupied_heating_setpoint", Math.round(n.doubleValue() * 2) / 2.0);
                    }
                })
                .on("system_mode", (m, v) -> m.put("system_mode", v));
    }

    private static Machine switched(Machine machine) {
        return machine.with("state", "OFF").on("state", (m, v) -> {
            boolean on = "ON".equals(v) || "TOGGLE".equals(v) && m.is("state", "OFF");
            m.put("state", on ? "ON" : "OFF");
        });
    }

    private static void store(Machine machine, Object value) {
        if (value instanceof Number n) {
            machine.put("color_temp", Math.max(153, Math.min(500, n.longValue())));
        }
    }
}
