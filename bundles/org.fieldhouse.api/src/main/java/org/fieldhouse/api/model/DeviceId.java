package org.fieldhouse.api.model;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a device, stable for life: renaming or moving the device, or updating its binding, keeps it.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ : - /}
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    private static final int MOST = 128;

    public DeviceId {
        if (!isAllowed(value)) {
            throw new IllegalArgumentException("device id '" + value + "': 1 to 128 of A-Z a-z 0-9 . _ : - /");
        }
    }

    /** By hand: ids are made by the ten thousand when a house starts, and when a test restarts one. */
    private static boolean isAllowed(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!word && c != '.' && c != '_' && c != ':' && c != '-' && c != '/') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= MOST;
    }

    /** An id made of any text: characters that an id cannot have become {@code _}. */
    public static DeviceId of(String text) {
        String cleaned = text.replaceAll("[^A-Za-z0-9._:/-]", "_");
        return new DeviceId(cleaned.length() > MOST ? cleaned.substring(0, MOST) : cleaned);
    }

    /** By hand like the next, see {@link PointId#hashCode}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeviceId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
