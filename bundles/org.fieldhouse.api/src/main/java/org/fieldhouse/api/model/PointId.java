package org.fieldhouse.api.model;

import org.jspecify.annotations.Nullable;

/**
 * One point of one device. Journal and rules keep this id, never the name, so a rename changes no history.
 *
 * @param device the device
 * @param point the point's name within the device, see {@link PointSpec#name()}
 */
public record PointId(DeviceId device, String point) {
    /** A point by the text of its device's id and its name. */
    public static PointId of(String device, String point) {
        return new PointId(new DeviceId(device), point);
    }

    /**
     * Cheaper than the generated one: both strings cache theirs, and this is on the path of every event. Not 31 as a factor, which is
     * that of strings: numbered points of numbered devices would share their hashes by the dozen.
     */
    @Override
    public int hashCode() {
        return 0x9E3779B9 * device.value().hashCode() + point.hashCode();
    }

    /** Likewise. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof PointId id
                        && point.equals(id.point)
                        && device.value().equals(id.device.value());
    }

    @Override
    public String toString() {
        return device + "#" + point;
    }
}
