package org.fieldhouse.api.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of itself: its points, actions and events. It may change while the device runs (points that appear
 * later); each change is an event and re-checks the rules.
 *
 * @param type kind of machine, lower-case: {@code light}, {@code motion}, {@code thermostat} …
 * @param points in the order they are shown; names are unique over points and actions (an event may share one)
 * @param actions what it can be told to do
 * @param events what it can say
 * @param mainPoint the point meant when a rule names the device alone; null if it has none
 * @param details free facts for people: {@code manufacturer}, {@code model}, {@code firmware}
 */
public record DeviceDescription(
        String type,
        List<PointSpec> points,
        List<ActionSpec> actions,
        List<EventSpec> events,
        @Nullable String mainPoint,
        Map<String, String> details) {

    /** A device that has not said anything of itself yet. */
    public static final DeviceDescription EMPTY =
            new DeviceDescription("unknown", List.of(), List.of(), List.of(), null, Map.of());

    public DeviceDescription {
        points = List.copyOf(points);
        actions = List.copyOf(actions);
        events = List.copyOf(events);
        details = Map.copyOf(details);
        Set<String> seen = new HashSet<>();
        Stream.concat(points.stream().map(PointSpec::name), actions.stream().map(ActionSpec::name))
                .forEach(name -> {
                    if (!seen.add(name)) {
                        throw new IllegalArgumentException("'" + name + "' is described twice");
                    }
                });
        if (mainPoint != null && points.stream().map(PointSpec::name).noneMatch(mainPoint::equals)) {
            throw new IllegalArgumentException("main point '" + mainPoint + "' is not among the points");
        }
    }

    /** A device of points alone; the first is the main one. */
    public static DeviceDescription of(String type, PointSpec... points) {
        return new DeviceDescription(
                type, List.of(points), List.of(), List.of(), points.length == 0 ? null : points[0].name(), Map.of());
    }

    public Optional<PointSpec> point(String name) {
        for (PointSpec each : points) { // on the path of every command
            if (each.name().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    public Optional<ActionSpec> action(String name) {
        return actions.stream().filter(a -> a.name().equals(name)).findFirst();
    }

    public Optional<EventSpec> event(String name) {
        return events.stream().filter(e -> e.name().equals(name)).findFirst();
    }
}
