package org.fieldhouse.isolation.child;

import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/** A device that was made here. */
final class Guest {
    final DeviceId id;
    final Device device;
    final Lane lane;

    /** Of the lane: the opening; null while it is closed. */
    @Nullable
    ChildContext context;

    Guest(DeviceId id, Device device, Lane lane) {
        this.id = id;
        this.device = device;
        this.lane = lane;
    }
}
