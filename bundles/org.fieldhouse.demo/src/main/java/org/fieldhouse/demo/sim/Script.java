package org.fieldhouse.demo.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What people and misfortune do in the demonstration, over and over, each round a little different. The same seed gives the same
 * sequence for ever.
 */
final class Script {
    /** Seconds of one round. */
    static final double ROUND = 300;
    /** How much earlier or later a thing may happen from one round to the next, seconds. */
    private static final double JITTER = 1.0;

    /** What only the radio can do, not a machine. */
    interface Radio {
        /** A message that no program can read. */
        void garbage(Machine machine, String payload);

        /** Zigbee2MQTT has not heard of the device for too long, or does so again. */
        void availability(Machine machine, boolean online);

        /** A button was pressed. */
        void press(Machine machine, String action);
    }

    private record Entry(double at, Runnable what) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private double elapsed;
    private int next;
    private double due;

    Script(DemoHouse house, Radio radio, long seed) {
        random = new Random(seed);
        people(house, radio);
        misfortune(house, radio);
        entries.sort((a, b) -> Double.compare(a.at, b.at));
        due = entries.get(0).at;
    }

    private void people(DemoHouse h, Radio radio) {
        for (double at : new double[] {8, 46, 104, 152, 205, 243, 284}) {
            at(at, () -> h.hallMotion.put("occupancy", true));
            at(at + 7, () -> h.hallMotion.put("occupancy", false));
        }
        at(20, () -> radio.press(h.button, "single"));
        at(30, () -> h.shower(true));
        at(44, () -> h.shower(false));
        at(62, () -> h.livingWindow.put("contact", false));
        at(84, () -> h.livingWindow.put("contact", true));
        at(74, () -> radio.press(h.button, "double"));
        at(92, () -> {
            h.door.put("state", "UNLOCK");
            h.door.put("lock_state", "unlocked");
        });
        at(110, () -> h.washing(true));
        at(140, () -> h.washing(false));
        at(190, () -> radio.press(h.button, "single"));
        at(212, () -> h.bedroomWindow.put("contact", false));
        at(236, () -> h.bedroomWindow.put("contact", true));
        at(290, () -> radio.press(h.button, "hold"));
    }

    private void misfortune(DemoHouse h, Radio radio) {
        at(118, () -> radio.garbage(h.living, "{\"temperature\":21.4,\"humi"));
        at(126, () -> h.living.put("temperature", "defective"));
        at(146, () -> h.living.put("temperature", 20.0));
        at(132, () -> radio.availability(h.fan, false));
        at(158, () -> radio.availability(h.fan, true));
        at(172, () -> h.leak.put("water_leak", true));
        at(186, () -> h.leak.put("water_leak", false));
        at(222, () -> h.tripPump(true));
        at(240, () -> h.tripPump(false));
        at(262, () -> h.smoke.put("smoke", true));
        at(270, () -> h.smoke.put("smoke", false));
    }

    private void at(double seconds, Runnable what) {
        entries.add(new Entry(seconds, what));
    }

    /** Does what is due. */
    void tick(double dt) {
        elapsed += dt;
        while (elapsed >= due) {
            entries.get(next).what.run();
            next++;
            if (next == entries.size()) {
                next = 0;
                elapsed -= ROUND;
            }
            due = entries.get(next).at + (random.nextDouble() - 0.5) * 2 * JITTER;
        }
    }
}
