package org.fieldhouse.binding.bluetooth.codec;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;

/**
 * Something that a device says once.
 *
 * @param event its name
 * @param arguments which of its buttons or dimmers, from 1; of a dimmer, how many steps
 */
public record Happening(String event, Map<String, Value> arguments) {
    private static final ArgumentSpec STEPS =
            new ArgumentSpec("steps", ValueSpec.quantity(Unit.ONE, 0, 255).withStep(1), true);
    private static final List<String> PRESSES = List.of(
            "pressed",
            "double_pressed",
            "triple_pressed",
            "long_pressed",
            "long_double_pressed",
            "long_triple_pressed",
            "held");
    private static final List<String> TURNS = List.of("turned_left", "turned_right");

    /** What a device with buttons can say. */
    public static final List<EventSpec> OF_BUTTONS = PRESSES.stream()
            .map(name -> new EventSpec(name, List.of(which("button")), ""))
            .toList();

    /** What a device with dimmers can say. */
    public static final List<EventSpec> OF_DIMMERS = TURNS.stream()
            .map(name -> new EventSpec(name, List.of(which("dimmer"), STEPS), ""))
            .toList();

    public Happening {
        arguments = Map.copyOf(arguments);
    }

    static Happening press(int gesture, int button) {
        return new Happening(PRESSES.get(gesture), Map.of("button", Quantity.of(button)));
    }

    static Happening turn(boolean right, int dimmer, int steps) {
        return new Happening(
                TURNS.get(right ? 1 : 0), Map.of("dimmer", Quantity.of(dimmer), "steps", Quantity.of(steps)));
    }

    private static ArgumentSpec which(String name) {
        return new ArgumentSpec(name, ValueSpec.quantity(Unit.ONE, 1, 255).withStep(1), true);
    }
}
