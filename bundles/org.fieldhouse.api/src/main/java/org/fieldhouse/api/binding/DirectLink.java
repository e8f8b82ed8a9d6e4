package org.fieldhouse.api.binding;

import java.util.List;
import org.fieldhouse.api.model.DeviceId;

/**
 * One device that commands another without anybody in between.
 *
 * @param from the one that says something
 * @param to the one that does it
 * @param points what is carried over, by the names that both have: {@code onoff}, {@code brightness}
 */
public record DirectLink(DeviceId from, DeviceId to, List<String> points) {
    public DirectLink {
        points = List.copyOf(points);
        if (from.equals(to)) {
            throw new IllegalArgumentException(from + " cannot be linked to itself");
        }
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a link carries at least one point");
        }
    }

    @Override
    public String toString() {
        return from + " -> " + to + " " + points;
    }
}
