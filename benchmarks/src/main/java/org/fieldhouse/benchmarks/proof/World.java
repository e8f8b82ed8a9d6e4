package org.fieldhouse.benchmarks.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.benchmarks.proof.Plant.Acted;
import org.fieldhouse.benchmarks.proof.Plant.Asked;
import org.fieldhouse.benchmarks.proof.Plant.Reported;
import org.fieldhouse.benchmarks.proof.Plant.Said;
import org.fieldhouse.benchmarks.proof.Plant.Signalled;

/** Sensors, actuators and people of {@code day.rules}, for a day, from a seed. It goes on whether a runtime is there or not. */
final class World {
    static final long START = 1_781_481_600_000_000L; // 2026-06-15T00:00Z
    static final long DAY = 86_400_000_000L;
    static final long MINUTE = 60_000_000L;

    /**
     * @param micros when it happens
     * @param said by a sensor or a person
     */
    record Moment(long micros, Said said) {}

    private final Map<String, PointId> points = new HashMap<>();
    private final Map<String, DeviceId> devices = new HashMap<>();
    private final Map<PointId, Value> values = new TreeMap<>(World::compare);
    private final Map<PointId, TreeMap<Integer, Value>> slots = new HashMap<>();
    private final Deque<Moment> script = new ArrayDeque<>();
    private final Map<Long, Long> probes = new TreeMap<>();
    private final List<String> trace = new ArrayList<>();
    private long ids;

    World(RuleSet rules, long seed) {
        for (DeviceInfo device : rules.model().devices()) {
            devices.put(device.name(), device.id());
            for (PointSpec point : device.description().points()) {
                points.put(device.name() + "." + point.name(), new PointId(device.id(), point.name()));
            }
        }
        write(new Random(seed)).stream()
                .sorted(java.util.Comparator.comparingLong(Moment::micros))
                .forEach(script::add);
    }

    private static int compare(PointId a, PointId b) {
        int device = a.device().value().compareTo(b.device().value());
        return device != 0 ? device : a.point().compareTo(b.point());
    }

    private PointId point(String name) {
        PointId id = points.get(name);
        if (id == null) {
            throw new IllegalArgumentException("no point " + name + " in " + points.keySet());
        }
        return id;
    }

    private DeviceId device(String name) {
        DeviceId id = devices.get(name);
        if (id == null) {
            throw new IllegalArgumentException("no device " + name);
        }
        return id;
    }

    // ---- the script

    private List<Moment> write(Random random) {
        List<Moment> all = new ArrayList<>();
        for (String off : List.of(
                "Living.Heater.onoff", "Inlet.open", "Pump.onoff", "Hall.Light.onoff", "Hall.Motion.occupancy")) {
            all.add(new Moment(START, new Reported(point(off), Bool.OFF)));
        }
        toggles(all, random, "Hall.Motion.occupancy", 3, 25);
        toggles(all, random, "Bath.Window.contact", 8, 90);
        steps(all, random, "Living.Temp.temperature", 21, 15, 27, 1.5, Units.CELSIUS);
        steps(all, random, "Hall.Dimmer.brightness", 50, 0, 100, 20, Units.PERCENT);
        steps(all, random, "Tank.level", 60, 20, 100, 15, Units.PERCENT);
        for (int i = 0; i < 8; i++) {
            all.add(new Moment(any(random), new Signalled(device("Panel.Start"), "pressed", 0)));
        }
        for (int i = 0; i < 40; i++) {
            all.add(new Moment(any(random), new Signalled(device("Panel.Probe"), "pressed", 0)));
        }
        for (int i = 0; i < 30; i++) {
            String act =
                    List.of("acknowledge", "acknowledge", "shelve", "unshelve").get(random.nextInt(4));
            all.add(new Moment(any(random), new Acted("Hot", act, 0)));
        }
        return all;
    }

    /** In whole seconds, so that much of it meets timers exactly. */
    private static long any(Random random) {
        return START + random.nextInt(86_000) * 1_000_000L;
    }

    private void toggles(List<Moment> all, Random random, String name, int least, int most) {
        boolean on = false;
        for (long at = START; at < START + DAY; at += (least * 60 + random.nextInt((most - least) * 60)) * 1_000_000L) {
            all.add(new Moment(at, new Reported(point(name), Bool.of(on))));
            on = !on;
        }
    }

    private void steps(
            List<Moment> all,
            Random random,
            String name,
            double from,
            double low,
            double high,
            double step,
            org.fieldhouse.api.value.Unit unit) {
        double value = from;
        for (long at = START; at < START + DAY; at += 7 * MINUTE) {
            all.add(new Moment(at, new Reported(point(name), new Quantity(Math.round(value * 10) / 10.0, unit))));
            value = Math.max(low, Math.min(high, value + (random.nextDouble() * 2 - 1) * step));
        }
    }

    // ---- time goes by

    /** When the script goes on; after the end of the day if it does not. */
    long next() {
        Moment first = script.peek();
        return first == null ? Long.MAX_VALUE : first.micros();
    }

    /** What happens up to that time. What people do carries a number, so that it is not done twice. */
    List<Said> until(long micros) {
        List<Said> said = new ArrayList<>();
        while (next() <= micros) {
            Moment moment = script.remove();
            Said each = moment.said();
            if (each instanceof Reported report) {
                values.put(report.point(), report.value());
            } else if (each instanceof Signalled signal) {
                each = new Signalled(signal.device(), signal.event(), ++ids);
                if (signal.device().equals(device("Panel.Probe"))) {
                    probes.put(ids, moment.micros());
                }
            } else if (each instanceof Acted act) {
                each = new Acted(act.alarm(), act.act(), ++ids);
            }
            said.add(each);
        }
        return said;
    }

    /** What every device says when it is connected again. */
    List<Said> everything() {
        List<Said> all = new ArrayList<>();
        values.forEach((point, value) -> all.add(new Reported(point, value)));
        return all;
    }

    /** The actuators do as they were asked; what they then report. */
    List<Said> act(long micros, List<Asked> asked) {
        List<Said> said = new ArrayList<>();
        for (Asked each : asked) {
            TreeMap<Integer, Value> wanted = slots.computeIfAbsent(each.point(), p -> new TreeMap<>());
            if (each.value() == null) {
                wanted.remove(each.slot());
            } else {
                wanted.put(each.slot(), each.value());
            }
            Value strongest = wanted.isEmpty() ? null : wanted.firstEntry().getValue();
            if (strongest != null && !strongest.equals(values.get(each.point()))) {
                values.put(each.point(), strongest);
                trace.add((micros - START) / 1_000 + " ms " + each.point() + " = " + strongest);
                said.add(new Reported(each.point(), strongest));
            }
        }
        return said;
    }

    /** What the actuators did. */
    List<String> trace() {
        return List.copyOf(trace);
    }

    /** When the probes' button was pressed, by number. */
    Map<Long, Long> probes() {
        return Map.copyOf(probes);
    }
}
