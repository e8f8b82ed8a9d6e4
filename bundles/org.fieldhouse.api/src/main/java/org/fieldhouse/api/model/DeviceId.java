package org.fieldhouse.api.model;

import java.util.regex.Pattern;

/**
 * The identity of a device, stable for life: renaming or moving the device, or updating its binding, keeps it.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ : - /}
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

    public DeviceId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("device id '" + value + "': 1 to 128 of A-Z a-z 0-9 . _ : - /");
        }
    }

    /** An id made of any text: characters that an id cannot have become {@code _}. */
    public static DeviceId of(String text) {
        String cleaned = text.replaceAll("[^A-Za-z0-9._:/-]", "_");
        return new DeviceId(cleaned.length() > 128 ? cleaned.substring(0, 128) : cleaned);
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
