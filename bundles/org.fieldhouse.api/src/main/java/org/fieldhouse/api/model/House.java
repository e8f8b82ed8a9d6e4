package org.fieldhouse.api.model;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service by which everybody reads what is: devices, points, candidates. Every method may be called from any thread,
 * returns at once, and gives an immutable answer.
 */
@ProviderType
public interface House {
    /** All devices at this moment. The same instance is returned until something about a device changes. */
    HouseModel model();

    /** The state of a point; {@link State#NONE} for one that is unknown or has never reported. */
    State state(PointId point);

    /** What is asked of a writable point, slot by slot; empty if nobody asks anything. */
    PriorityArray priorities(PointId point);

    /** Devices that were found and not accepted. */
    List<Candidate> candidates();

    /** What bindings look for and have not found, in one line each: what, and why not. */
    default List<String> searches() {
        return List.of();
    }

    /** What went wrong at a device; {@link DeviceStatistics#NONE} for one that is unknown. */
    default DeviceStatistics statistics(DeviceId device) {
        return DeviceStatistics.NONE;
    }

    /** The device of that name. */
    default Optional<DeviceInfo> named(String name) {
        return model().named(name);
    }
}
