package org.fieldhouse.demo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoHouseTest {
    private static final double STEP = 0.25;

    @Test
    void hasAtLeastTwelveKindsOfDevice() {
        assertThat(new DemoHouse(600)
                        .machines().stream()
                                .map(m -> ((Map<?, ?>) m.entry().get("definition")).get("model"))
                                .distinct())
                .hasSizeGreaterThanOrEqualTo(12);
    }

    /** A bug report of the demo can be played again. */
    @Test
    void theSameSeedGivesTheSameStory() {
        assertThat(story(42)).isEqualTo(story(42)).isNotEqualTo(story(43)).hasSizeGreaterThan(30);
    }

    private static List<String> story(long seed) {
        List<String> out = new ArrayList<>();
        DemoHouse house = new DemoHouse(600);
        Script script = new Script(
                house,
                new Script.Radio() {
                    @Override
                    public void garbage(Machine machine, String payload) {
                        out.add("garbage " + machine.name);
                    }

                    @Override
                    public void availability(Machine machine, boolean online) {
                        out.add(machine.name + " online " + online);
                    }

                    @Override
                    public void press(Machine machine, String action) {
                        out.add(action);
                    }
                },
                seed);
        for (int i = 0; i < 2 * Script.ROUND / STEP; i++) {
            script.tick(STEP);
            house.tick(STEP);
            if (house.hallMotion.takeChanged()) {
                out.add(i + " " + house.hallMotion.state());
            }
        }
        return out;
    }

    @Test
    void roomsWarmTanksFillAndNothingLeavesItsRange() {
        DemoHouse house = new DemoHouse(600);
        house.heater.set(Map.of("state", "ON"));
        house.pump.set(Map.of("state", "ON"));
        double cold = house.living.number("temperature");
        double low = house.tankLevel.number("level");
        for (int i = 0; i < 40; i++) {
            house.tick(STEP);
        }
        assertThat(house.living.number("temperature")).isGreaterThan(cold);
        assertThat(house.tankLevel.number("level")).isGreaterThan(low);
        assertThat(house.flow.number("flow")).isGreaterThan(1);

        for (int i = 0; i < 40_000; i++) {
            house.tick(STEP);
        }
        assertThat(house.tankLevel.number("level")).isBetween(0.0, 100.0);
        assertThat(house.living.number("temperature")).isBetween(-20.0, 90.0);
    }

    @Test
    void aTrippedPumpStopsAndSaysSo() {
        DemoHouse house = new DemoHouse(600);
        house.pump.set(Map.of("state", "ON"));
        house.tripPump(true);
        house.tick(STEP);
        assertThat(house.pump.state()).containsEntry("state", "OFF").containsEntry("fault", true);
    }

    @Test
    void doesWhatSetMessagesSayAndIgnoresWhatItDoesNotKnow() {
        DemoHouse house = new DemoHouse(600);
        house.lamp.set(Map.of("state", "TOGGLE", "nonsense", 1L));
        assertThat(house.lamp.state()).containsEntry("state", "ON").doesNotContainKey("nonsense");
        house.lamp.set(Map.of("brightness", 0L));
        assertThat(house.lamp.state()).containsEntry("state", "OFF");
        house.fan.set(Map.of("fan_mode", "high"));
        assertThat(house.fan.state()).containsEntry("fan_state", "ON");
        house.door.set(Map.of("state", "UNLOCK"));
        assertThat(house.door.state()).containsEntry("lock_state", "unlocked");
        house.radiator.set(Map.of("occupied_heating_setpoint", 21.3));
        assertThat(house.radiator.state()).containsEntry("occupied_heating_setpoint", 21.5);
    }
}
