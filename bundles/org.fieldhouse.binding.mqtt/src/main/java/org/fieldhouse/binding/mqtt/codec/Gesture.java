package org.fieldhouse.binding.mqtt.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fieldhouse.api.model.Names;

/**
 * What a remote's action means: {@code 1_double} is the event {@code double_pressed} of button {@code 1}. An action without a
 * known gesture in it is an event of its own name: {@code brightness_move_up}.
 *
 * @param event name of the event
 * @param button which button; empty if there is one only or it is not said
 */
public record Gesture(String event, String button) {
    /** In the order tried: what contains another comes before it. */
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        String[][] words = {
            {"press_release", "released"},
            {"hold_release", "released"},
            {"long_release", "released"},
            {"short_release", "released"},
            {"double_press", "double_pressed"},
            {"triple_press", "triple_pressed"},
            {"quadruple_press", "quadruple_pressed"},
            {"long_press", "held"},
            {"short_press", "pressed"},
            {"initial_press", "pressed"},
            {"single", "pressed"},
            {"double", "double_pressed"},
            {"triple", "triple_pressed"},
            {"quadruple", "quadruple_pressed"},
            {"many", "many_pressed"},
            {"hold", "held"},
            {"held", "held"},
            {"long", "held"},
            {"release", "released"},
            {"released", "released"},
            {"press", "pressed"},
            {"pressed", "pressed"},
            {"click", "pressed"},
            {"push", "pressed"},
            {"tap", "pressed"}
        };
        for (String[] w : words) {
            KNOWN.put(w[0], w[1]);
        }
    }

    public static Gesture of(String action) {
        for (Map.Entry<String, String> known : KNOWN.entrySet()) {
            String word = known.getKey();
            if (action.equals(word)) {
                return new Gesture(known.getValue(), "");
            }
            if (action.endsWith("_" + word)) {
                return new Gesture(known.getValue(), button(action.substring(0, action.length() - word.length() - 1)));
            }
            if (action.startsWith(word + "_")) {
                return new Gesture(known.getValue(), button(action.substring(word.length() + 1)));
            }
        }
        return new Gesture(Names.toMemberName(action), "");
    }

    private static String button(String rest) {
        return rest.startsWith("button_") ? rest.substring("button_".length()) : rest;
    }
}
