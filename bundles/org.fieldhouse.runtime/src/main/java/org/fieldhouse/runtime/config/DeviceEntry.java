package org.fieldhouse.runtime.config;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * One device as its owner wrote it.
 *
 * @param id stable for life; made of the name where the entry has none
 * @param name unique in the house
 * @param binding id of the binding that makes it
 * @param type one of the binding's types
 * @param bridge name of the device through which it is reached; null if directly
 * @param area where it is; empty if not said
 * @param tags free words
 * @param adoptAll whether what this bridge discovers is accepted without asking
 * @param holds how long a change made by hand at the device keeps rules away, by the name of the point, {@link #ALL} for points that are
 *     not named; zero if it does not
 * @param settings the binding's own, under {@code config:}
 * @param place of the name
 * @param places finds the place of a key path of the settings; empty path for the whole
 */
public record DeviceEntry(
        DeviceId id,
        String name,
        String binding,
        String type,
        @Nullable String bridge,
        String area,
        Set<String> tags,
        boolean adoptAll,
        Map<String, Duration> holds,
        Map<String, Object> settings,
        SourceSpan place,
        Function<String, SourceSpan> places) {

    /** Points that are not named. */
    public static final String ALL = "";

    /** How long a change made by hand at a point keeps rules away; null if it does not. */
    public @Nullable Duration hold(String point) {
        Duration hold = holds.getOrDefault(point, holds.getOrDefault(ALL, Duration.ZERO));
        return hold.isZero() ? null : hold;
    }

    /** The place of a key of the settings (that of its value is {@code places}). */
    public SourceSpan placeOfKey(String path) {
        return places.apply(path + Places.KEY);
    }

    /** The place of what one of the entry's own keys says, such as {@code type}; that of the name if it has no such key. */
    public SourceSpan placeOf(String key) {
        return places.apply(Places.OWN + key);
    }

    /** Whether the device itself would be made the same way: then it need not be closed. */
    public boolean samePlant(DeviceEntry other) {
        return id.equals(other.id)
                && name.equals(other.name)
                && binding.equals(other.binding)
                && type.equals(other.type)
                && Objects.equals(bridge, other.bridge)
                && settings.equals(other.settings);
    }

    /** Whether nothing but its place in the file differs. */
    public boolean sameAs(DeviceEntry other) {
        return samePlant(other)
                && area.equals(other.area)
                && tags.equals(other.tags)
                && adoptAll == other.adoptAll
                && holds.equals(other.holds);
    }
}
