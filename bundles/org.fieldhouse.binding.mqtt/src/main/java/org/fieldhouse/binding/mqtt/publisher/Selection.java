package org.fieldhouse.binding.mqtt.publisher;

import java.util.List;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.DeviceInfo;

/**
 * Which points go out: {@code Hall.Light} (a device with all of its points), {@code Hall.*}, {@code Hall.Light.brightness}. Not
 * on the path of messages.
 */
final class Selection {
    private final List<Pattern> include;
    private final List<Pattern> exclude;

    /** @param include names with {@code *} for any characters; what {@code exclude} matches stays out */
    Selection(List<String> include, List<String> exclude) {
        this.include = include.stream().map(Selection::glob).toList();
        this.exclude = exclude.stream().map(Selection::glob).toList();
    }

    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        for (String literal : text.split("(?<=\\*)|(?=\\*)")) {
            regex.append(literal.equals("*") ? ".*" : Pattern.quote(literal));
        }
        return Pattern.compile(regex.toString());
    }

    /** Whether that point, action or event goes out. */
    boolean has(DeviceInfo device, String member) {
        return matches(include, device.name(), member) && !matches(exclude, device.name(), member);
    }

    private static boolean matches(List<Pattern> globs, String device, String member) {
        return globs.stream()
                .anyMatch(g -> g.matcher(device).matches()
                        || g.matcher(device + "." + member).matches());
    }
}
