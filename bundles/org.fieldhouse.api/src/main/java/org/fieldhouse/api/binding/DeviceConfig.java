package org.fieldhouse.api.binding;

import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * What the owner wrote about a device.
 *
 * @param id stable for life
 * @param name what its owner calls it
 * @param type one of {@link Binding#types()}
 * @param bridge the device through which it is reached; null if directly
 * @param settings the rest, of the binding's own meaning
 */
public record DeviceConfig(DeviceId id, String name, String type, @Nullable DeviceId bridge, Settings settings) {}
