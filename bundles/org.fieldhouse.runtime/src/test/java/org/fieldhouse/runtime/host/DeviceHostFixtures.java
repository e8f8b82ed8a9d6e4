package org.fieldhouse.runtime.host;

import java.util.Map;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;

/** Entries as the configuration directory would make them, for tests of other packages. */
public final class DeviceHostFixtures {
    private DeviceHostFixtures() {}

    public static DeviceEntry entry(
            String binding, String name, String type, @Nullable String bridge, Map<String, Object> settings) {
        return DeviceHostTest.entry(binding, name, type, bridge, settings);
    }

    public static Placed direct(DeviceEntry entry) {
        return DeviceHostTest.direct(entry);
    }
}
