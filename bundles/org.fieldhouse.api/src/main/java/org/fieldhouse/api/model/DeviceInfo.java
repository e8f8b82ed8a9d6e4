package org.fieldhouse.api.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device as the house knows it at one moment.
 *
 * @param id stable for life
 * @param name what its owner calls it; unique in the house
 * @param binding id of the binding that speaks to it
 * @param bridge the device through which it is reached; null if it is reached directly
 * @param area where it is; empty if not said
 * @param tags free words of its owner
 * @param description what it says of itself
 * @param status its condition
 */
public record DeviceInfo(
        DeviceId id,
        String name,
        String binding,
        @Nullable DeviceId bridge,
        String area,
        Set<String> tags,
        DeviceDescription description,
        Status status) {
    public DeviceInfo {
        tags = Set.copyOf(tags);
    }
}
