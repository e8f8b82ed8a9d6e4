package org.fieldhouse.api.command;

import java.time.Duration;
import java.util.Map;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** What is asked for. */
public sealed interface Request {

    /** The device that has to act. */
    DeviceId device();

    /**
     * A point should have a value.
     *
     * @param point a writable point
     * @param value in any unit that converts
     * @param slot place in the priority array, 1 (strongest) to 16
     * @param hold how long the request stands; zero until it is relinquished or overwritten; null for the same, but what a person asks
     *     for in the manual slot then stands for as long as the device's entry says ({@code hold}), or the house's default, 2 h
     * @param parameters declared by the point's spec ({@code fade}), or names of further writable points of the same device
     *     to be set in one go ({@code brightness})
     */
    record SetPoint(PointId point, Value value, int slot, @Nullable Duration hold, Map<String, Value> parameters)
            implements Request {
        public SetPoint {
            parameters = Map.copyOf(parameters);
            if (slot < 1 || slot > 16) {
                throw new IllegalArgumentException("slot " + slot + " is not 1 to 16");
            }
            if (hold != null && hold.isNegative()) {
                throw new IllegalArgumentException("a hold of " + hold + " is below 0");
            }
        }

        @Override
        public DeviceId device() {
            return point.device();
        }
    }

    /** Nothing is asked of a point at this slot any more; the strongest of the others wins. */
    record Relinquish(PointId point, int slot) implements Request {
        @Override
        public DeviceId device() {
            return point.device();
        }
    }

    /** A device should do something once. */
    record CallAction(DeviceId device, String action, Map<String, Value> arguments) implements Request {
        public CallAction {
            arguments = Map.copyOf(arguments);
        }
    }

    /** A device should read a point now and report it. */
    record Refresh(PointId point) implements Request {
        @Override
        public DeviceId device() {
            return point.device();
        }
    }
}
