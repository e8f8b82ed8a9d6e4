package org.fieldhouse.api.model;

import java.util.regex.Pattern;

/** The spelling of names in rule files, YAML and messages. */
public final class Names {
    private static final Pattern PLAIN = Pattern.compile("\\p{Lu}[\\p{L}\\p{N}_]*(\\.\\p{Lu}[\\p{L}\\p{N}_]*)*");
    private static final Pattern MEMBER = Pattern.compile("\\p{Ll}[\\p{L}\\p{N}_]*");
    private static final int MAX_LENGTH = 128;

    private Names() {}

    /** Whether this can be a device's name: 1 to 128 characters, no control characters, back-quotes or line breaks. */
    public static boolean isDeviceName(String name) {
        return !name.isBlank()
                && name.length() <= MAX_LENGTH
                && name.chars().noneMatch(c -> c == '`' || Character.isISOControl(c));
    }

    /** Whether a rule file can name the device without back-quotes: dotted words, each starting upper-case. */
    public static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    /** The name as a rule file has to write it. */
    public static String quoted(String name) {
        return isPlain(name) ? name : '`' + name + '`';
    }

    /** Whether this can name a point, an action or an event: starts lower-case, then letters, digits, underscores. */
    public static boolean isMemberName(String name) {
        return name.length() <= MAX_LENGTH && MEMBER.matcher(name).matches();
    }

    /** A member name made of any text from a device: {@code "Energy Level-2"} becomes {@code energy_level_2}. */
    public static String toMemberName(String text) {
        StringBuilder out = new StringBuilder();
        boolean gap = false;
        for (char c : text.strip().toCharArray()) {
            if (Character.isLetterOrDigit(c)) {
                if (gap && !out.isEmpty()) {
                    out.append('_');
                }
                out.append(Character.toLowerCase(c));
                gap = false;
            } else {
                gap = true;
            }
        }
        if (out.isEmpty() || !Character.isLowerCase(out.charAt(0))) {
            out.insert(0, "p");
        }
        return out.length() > MAX_LENGTH ? out.substring(0, MAX_LENGTH) : out.toString();
    }

    /**
     * A device name made of any text from a device, plain where that is possible: {@code hall/motion_1} becomes
     * {@code Hall.Motion_1}.
     */
    public static String toDeviceName(String text) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (char c : text.strip().toCharArray()) {
            if (c == '/' || c == '.') {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != '.') {
                    out.append('.');
                }
                first = true;
            } else if (Character.isLetterOrDigit(c)) {
                out.append(first ? Character.toUpperCase(c) : c);
                first = false;
            } else if (!first) {
                out.append('_');
            }
        }
        String candidate = out.toString().replaceAll("[._]+$", "");
        if (isPlain(candidate) && isDeviceName(candidate)) {
            return candidate;
        }
        String kept = text.replaceAll("[`\\p{Cntrl}]", "_").strip();
        return kept.isEmpty() ? "Device" : kept.substring(0, Math.min(kept.length(), MAX_LENGTH));
    }
}
