package org.fieldhouse.binding.bluetooth.codec;

import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * A value that an advertisement carries.
 *
 * @param point what it is of
 * @param value null if the device says that it could not measure
 */
public record Reading(PointSpec point, @Nullable Value value) {}
