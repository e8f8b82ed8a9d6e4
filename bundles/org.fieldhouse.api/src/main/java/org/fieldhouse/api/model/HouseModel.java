package org.fieldhouse.api.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All devices of the house at one moment: what rules are checked against. Immutable; the runtime exports it as a snapshot so
 * that rules can be checked elsewhere.
 */
public final class HouseModel {
    public static final HouseModel EMPTY = new HouseModel(List.of());

    private final Map<String, DeviceInfo> byName = new HashMap<>();
    private final Map<DeviceId, DeviceInfo> byId = new HashMap<>();
    private final List<DeviceInfo> devices;
    private final List<FunctionSpec> functions;

    /** @throws IllegalArgumentException if two devices share a name or an id */
    public HouseModel(List<DeviceInfo> devices) {
        this(devices, List.of());
    }

    /**
     * @param functions what bundles contribute to the rule language
     * @throws IllegalArgumentException if two devices share a name or an id
     */
    public HouseModel(List<DeviceInfo> devices, List<FunctionSpec> functions) {
        this.devices = List.copyOf(devices);
        this.functions = List.copyOf(functions);
        for (DeviceInfo device : devices) {
            if (byName.put(device.name(), device) != null || byId.put(device.id(), device) != null) {
                throw new IllegalArgumentException("two devices are called " + device.name() + " or " + device.id());
            }
        }
    }

    public List<DeviceInfo> devices() {
        return devices;
    }

    public Optional<DeviceInfo> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Optional<DeviceInfo> device(DeviceId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The functions that bundles contribute to the rule language. */
    public List<FunctionSpec> functions() {
        return functions;
    }

    public Optional<FunctionSpec> function(String name) {
        return functions.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The same devices, with those functions. */
    public HouseModel withFunctions(List<FunctionSpec> now) {
        return now.equals(functions) ? this : new HouseModel(devices, now);
    }

    public Optional<PointSpec> point(PointId id) {
        return device(id.device()).flatMap(d -> d.description().point(id.point()));
    }
}
