package org.fieldhouse.api.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One readable and/or writable value of a device.
 *
 * @param name within the device, see {@link Names#isMemberName}; by convention {@code onoff}, {@code brightness},
 *     {@code temperature}, {@code humidity}, {@code occupancy}, {@code contact}, {@code position}, {@code power}, {@code energy},
 *     {@code battery}, {@code setpoint}
 * @param value which values it can have
 * @param access read, write or both
 * @param category what it is for
 * @param maxAge a state older than this is stale; null if the device reports changes only and its status says the rest
 * @param feedback how a write is known to have arrived
 * @param parameters what a write of this point can be given besides the value, e.g. {@code fade}
 * @param title for people, in their language if the device knows it; may be empty
 */
public record PointSpec(
        String name,
        ValueSpec value,
        Access access,
        Category category,
        @Nullable Duration maxAge,
        Feedback feedback,
        List<ArgumentSpec> parameters,
        String title) {

    /** How the runtime knows that a written value is in force. */
    public enum Feedback {
        /** The device reports the point again; a report of the asked value confirms. */
        REPORT,
        /** The device calls {@code DeviceContext.confirm}, e.g. on a protocol's own acknowledgement. */
        EXPLICIT,
        /** There is none: handing the frame to the transport is all that can be known. */
        NONE
    }

    public PointSpec {
        parameters = List.copyOf(parameters);
        if (!Names.isMemberName(name)) {
            throw new IllegalArgumentException(
                    "point name '" + name + "': a lower-case letter, then letters, digits, _");
        }
        if (maxAge != null && (maxAge.isNegative() || maxAge.isZero())) {
            throw new IllegalArgumentException("max-age " + maxAge + " of point " + name + " is not above 0");
        }
    }

    /** A measured value that can only be read. */
    public static PointSpec measurement(String name, ValueSpec value) {
        return new PointSpec(name, value, Access.READ, Category.MEASUREMENT, null, Feedback.REPORT, List.of(), "");
    }

    /** A state that can only be read. */
    public static PointSpec state(String name, ValueSpec value) {
        return new PointSpec(name, value, Access.READ, Category.STATE, null, Feedback.REPORT, List.of(), "");
    }

    /** A state that can be written and that the device reports back. */
    public static PointSpec control(String name, ValueSpec value) {
        return new PointSpec(name, value, Access.READ_WRITE, Category.STATE, null, Feedback.REPORT, List.of(), "");
    }

    public PointSpec withAccess(Access newAccess) {
        return new PointSpec(name, value, newAccess, category, maxAge, feedback, parameters, title);
    }

    public PointSpec withCategory(Category newCategory) {
        return new PointSpec(name, value, access, newCategory, maxAge, feedback, parameters, title);
    }

    public PointSpec withMaxAge(Duration newMaxAge) {
        return new PointSpec(name, value, access, category, newMaxAge, feedback, parameters, title);
    }

    public PointSpec withFeedback(Feedback newFeedback) {
        return new PointSpec(name, value, access, category, maxAge, newFeedback, parameters, title);
    }

    public PointSpec withParameters(List<ArgumentSpec> newParameters) {
        return new PointSpec(name, value, access, category, maxAge, feedback, newParameters, title);
    }

    public PointSpec withTitle(String newTitle) {
        return new PointSpec(name, value, access, category, maxAge, feedback, parameters, newTitle);
    }
}
