package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import org.fieldhouse.api.model.PointSpec;

/**
 * A point and the place of its value in the JSON state.
 *
 * @param spec the point
 * @param key member of the state object
 * @param part member of the object found there; empty if the value itself is there
 * @param coding how it is written
 * @param gettable whether it can be asked for
 */
record Property(PointSpec spec, String key, String part, Coding coding, boolean gettable) {
    /** Whether the other one is the same value of the same member, so that the two are one point. */
    boolean samePlace(Property other) {
        return key.equals(other.key)
                && part.equals(other.part)
                && spec.value().kind() == other.spec.value().kind()
                && spec.value().options().size() == other.spec.value().options().size()
                && spec.value().options().containsAll(other.spec.value().options());
    }

    Property withSpec(PointSpec newSpec) {
        return new Property(newSpec, key, part, coding, gettable);
    }
}
