package org.fieldhouse.binding.bluetooth.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What was heard of a device at once, as far as it carries data. A scan response and an advertisement may come apart, so either map
 * may be empty.
 *
 * @param services service data by the 16-bit UUID that the Bluetooth SIG gave ({@code 0xFCD2})
 * @param makers manufacturer-specific data by company identifier ({@code 0x0499})
 */
public record Advertisement(Map<Integer, byte[]> services, Map<Integer, byte[]> makers) {
    public Advertisement {
        services = Map.copyOf(services);
        makers = Map.copyOf(makers);
    }

    /** Of service data alone. */
    public static Advertisement ofService(int uuid, byte[] data) {
        return new Advertisement(Map.of(uuid, data), Map.of());
    }

    /** Of manufacturer-specific data alone. */
    public static Advertisement ofMaker(int company, byte[] data) {
        return new Advertisement(Map.of(), Map.of(company, data));
    }

    public boolean isEmpty() {
        return services.isEmpty() && makers.isEmpty();
    }

    /** This, and of the other one what this has not. */
    public Advertisement over(Advertisement before) {
        Map<Integer, byte[]> allServices = new HashMap<>(before.services);
        allServices.putAll(services);
        Map<Integer, byte[]> allMakers = new HashMap<>(before.makers);
        allMakers.putAll(makers);
        return new Advertisement(allServices, allMakers);
    }

    /** Whether the other one carries the same bytes for everything that this one carries. */
    public boolean isWithin(Advertisement other) {
        return isWithin(services, other.services) && isWithin(makers, other.makers);
    }

    private static boolean isWithin(Map<Integer, byte[]> some, Map<Integer, byte[]> all) {
        return some.entrySet().stream().allMatch(each -> Arrays.equals(each.getValue(), all.get(each.getKey())));
    }
}
