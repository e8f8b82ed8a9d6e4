package org.fieldhouse.runtime.host;

import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;

/**
 * A device entry and the device that its bridge's name means.
 *
 * @param bridge null if it is reached directly
 */
public record Placed(DeviceEntry entry, @Nullable DeviceId bridge) {}
