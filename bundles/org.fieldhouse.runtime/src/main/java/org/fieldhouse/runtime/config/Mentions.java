package org.fieldhouse.runtime.config;

import java.util.Collection;
import java.util.Map;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;

/** Whether the line that a problem points at names a device. */
final class Mentions {
    private Mentions() {}

    /** Whether it names any of these devices. A problem of a file as a whole names none. */
    static boolean any(Problem problem, Map<String, SourceFile> files, Collection<String> devices) {
        SourceFile file = files.get(problem.place().file());
        int line = problem.place().line();
        if (file == null || line == 0) {
            return false;
        }
        String text = file.text().lines().skip(line - 1L).findFirst().orElse("");
        return devices.stream().anyMatch(device -> names(text, device));
    }

    /** {@code Hall.Light} is in {@code turn on Hall.Light.onoff}, but not in {@code turn on Hall.Light2}. */
    static boolean names(String text, String device) {
        for (int at = text.indexOf(device); at >= 0; at = text.indexOf(device, at + 1)) {
            int end = at + device.length();
            boolean begins = at == 0 || !isPart(text.charAt(at - 1)) && text.charAt(at - 1) != '.';
            boolean ends = end == text.length() || !isPart(text.charAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }
}
