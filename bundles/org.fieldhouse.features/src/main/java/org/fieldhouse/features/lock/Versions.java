package org.fieldhouse.features.lock;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Versions of Maven and of OSGi in one order. */
public final class Versions {
    private static final Pattern MAVEN = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:[.-](.*))?");

    private Versions() {}

    /** {@code 1.2-SNAPSHOT} is 1.2.0.SNAPSHOT; what cannot be read is 0.0.0 with the text as qualifier. */
    public static Version of(String text) {
        Matcher m = MAVEN.matcher(text);
        if (!m.matches()) {
            return new Version(0, 0, 0, text.replaceAll("[^A-Za-z0-9_-]", "_"));
        }
        String qualifier = m.group(4) == null ? "" : m.group(4).replaceAll("[^A-Za-z0-9_-]", "_");
        return new Version(number(m.group(1)), number(m.group(2)), number(m.group(3)), qualifier);
    }

    @SuppressWarnings("NullAway") // a group that is not there
    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    public static int compare(String a, String b) {
        return of(a).compareTo(of(b));
    }

    /**
     * @param range as of OSGi Core 3.2.6; a single version means that or later; empty means any
     * @throws IllegalArgumentException if it is none
     */
    public static boolean within(String version, String range) {
        return range.isBlank() || VersionRange.valueOf(range).includes(of(version));
    }
}
