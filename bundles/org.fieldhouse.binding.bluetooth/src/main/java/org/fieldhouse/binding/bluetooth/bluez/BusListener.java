package org.fieldhouse.binding.bluetooth.bluez;

import java.util.List;
import java.util.Map;

/**
 * Told what changes, on a thread of the bus, one after the other. Values are those of the JDK: Boolean, Integer (also for what is
 * smaller), Long, String, {@code byte[]}, List, Map.
 */
public interface BusListener {
    /** Properties of an object's interface have changed. */
    void onChanged(String path, String type, Map<String, Object> properties);

    /** An object is there, or has more interfaces than before. */
    void onAdded(String path, Map<String, Map<String, Object>> interfaces);

    /** An object is gone, or has fewer interfaces than before. */
    void onRemoved(String path, List<String> interfaces);

    /** Nothing more will come: the reason is one sentence, with the cure. */
    void onLost(String reason);
}
