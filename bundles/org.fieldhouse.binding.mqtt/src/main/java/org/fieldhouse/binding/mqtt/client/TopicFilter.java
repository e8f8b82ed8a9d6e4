package org.fieldhouse.binding.mqtt.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Topic names and filters (MQTT 5.0 section 4.7). */
public final class TopicFilter {
    private static final int MAX_BYTES = 65_535;

    private TopicFilter() {}

    /** Why this cannot be a topic to publish to; empty if it can. */
    public static Optional<String> topicFault(String topic) {
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            return Optional.of("a topic has no wildcards + or #");
        }
        return common(topic);
    }

    /** Why this cannot be a filter to subscribe to; empty if it can. */
    public static Optional<String> filterFault(String filter) {
        if (filter.startsWith("$share/")) {
            return Optional.of("a shared subscription gets a part of the messages, and takes them from others");
        }
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].length() > 1 && (levels[i].indexOf('+') >= 0 || levels[i].indexOf('#') >= 0)) {
                return Optional.of("a wildcard + or # fills a whole level between slashes");
            }
            if (levels[i].equals("#") && i < levels.length - 1) {
                return Optional.of("# can only be the last level");
            }
        }
        return common(filter);
    }

    private static Optional<String> common(String text) {
        if (text.isEmpty()) {
            return Optional.of("a topic has at least one character");
        }
        if (text.indexOf('\0') >= 0) {
            return Optional.of("a topic has no null character");
        }
        return text.length() > MAX_BYTES / 3 && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                ? Optional.of("a topic has at most 65535 bytes")
                : Optional.empty();
    }

    public static boolean hasWildcard(String filter) {
        return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
    }

    /**
     * Whether everything that {@code narrow} matches is matched by {@code wide} as well. For a topic without wildcards: whether
     * {@code wide} matches it. A filter that starts with a wildcard does not match topics that start with {@code $} (4.7.2).
     */
    public static boolean covers(String wide, String narrow) {
        if (narrow.startsWith("$") && (wide.startsWith("+") || wide.startsWith("#"))) {
            return false;
        }
        String[] w = wide.split("/", -1);
        String[] n = narrow.split("/", -1);
        for (int i = 0; i < w.length; i++) {
            if (w[i].equals("#")) {
                return true;
            }
            if (i >= n.length || n[i].equals("#") || !w[i].equals("+") && !w[i].equals(n[i])) {
                return false;
            }
        }
        return w.length == n.length;
    }
}
