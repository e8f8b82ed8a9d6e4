package org.fieldhouse.runtime.host;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.command.CommandCentre;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;

/** Device hosts, and entries as the configuration directory would make them. */
public final class DeviceHostFixtures {
    private DeviceHostFixtures() {}

    /** A host by the system's clock, whose commands are numbered from 1. */
    public static DeviceHost host(Ingress ingress, DeviceHost.Limits limits) {
        return new DeviceHost(
                ingress, Clock.systemUTC(), new AtomicLong()::incrementAndGet, limits, CommandCentre.Times.DEFAULT);
    }

    public static DeviceEntry entry(
            String binding, String name, String type, @Nullable String bridge, Map<String, Object> settings) {
        return DeviceHostTest.entry(binding, name, type, bridge, settings);
    }

    public static Placed direct(DeviceEntry entry) {
        return DeviceHostTest.direct(entry);
    }
}
