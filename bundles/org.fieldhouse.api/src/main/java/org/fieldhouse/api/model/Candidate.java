package org.fieldhouse.api.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device that discovery found and nobody has accepted yet.
 *
 * @param id what the device's id will be
 * @param binding the binding that found it
 * @param type device type of that binding
 * @param bridge through which it is reached; null if directly
 * @param suggestedName see {@link Names#toDeviceName}
 * @param title what it is, for people: maker and model
 * @param settings the settings that its entry in {@code devices/*.yaml} will have
 * @param adoptAll whether whoever accepts it takes what it discovers with it: {@code adopt: all} in its entry
 */
public record Candidate(
        DeviceId id,
        String binding,
        String type,
        @Nullable DeviceId bridge,
        String suggestedName,
        String title,
        Map<String, Object> settings,
        boolean adoptAll) {
    public Candidate {
        settings = Map.copyOf(settings);
    }

    /** One that brings nothing with it. */
    public Candidate(
            DeviceId id,
            String binding,
            String type,
            @Nullable DeviceId bridge,
            String suggestedName,
            String title,
            Map<String, Object> settings) {
        this(id, binding, type, bridge, suggestedName, title, settings, false);
    }
}
