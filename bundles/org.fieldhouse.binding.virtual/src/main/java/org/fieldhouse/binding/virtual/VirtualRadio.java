package org.fieldhouse.binding.virtual;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.value.Value;

/** How virtual lights reach each other without anybody in between. Any thread. */
final class VirtualRadio {
    private final Map<DeviceId, VirtualLight> lights = new ConcurrentHashMap<>();

    void join(DeviceId id, VirtualLight light) {
        lights.put(id, light);
    }

    void leave(DeviceId id, VirtualLight light) {
        lights.remove(id, light);
    }

    boolean reaches(DeviceId id) {
        return lights.containsKey(id);
    }

    /** One that is out of reach hears nothing. */
    void send(DeviceId to, Map<String, Value> values) {
        VirtualLight light = lights.get(to);
        if (light != null) {
            light.hear(values);
        }
    }
}
