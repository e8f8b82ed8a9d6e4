package org.fieldhouse.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Finds what a typed name means, and says names and values as their owner does. */
final class Places {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}|[\\u2028-\\u202e\\u2066-\\u2069]");
    private static final int LONGEST = 300;

    private final House house;

    Places(House house) {
        this.house = house;
    }

    /** A device and one of its points or actions. */
    record Place(DeviceInfo device, @Nullable PointSpec point, @Nullable ActionSpec action) {
        PointId id() {
            return new PointId(device.id(), spec().name());
        }

        /** The point, or a message that there is none. */
        PointSpec spec() {
            if (point == null && device.description().points().isEmpty()) {
                throw new CommandFailure(
                        Names.quoted(device.name()) + " has not said which points it has; it is " + device.status());
            }
            if (point == null) {
                throw new CommandFailure(Names.quoted(device.name()) + " has no main point; name one of "
                        + String.join(
                                ", ",
                                device.description().points().stream()
                                        .map(PointSpec::name)
                                        .toList()));
            }
            return point;
        }
    }

    DeviceInfo device(String typed) {
        String name = bare(typed);
        return house.named(name)
                .or(() -> house.model().devices().stream()
                        .filter(d -> d.id().value().equals(name) || d.name().equalsIgnoreCase(name))
                        .findFirst())
                .orElseThrow(() -> new CommandFailure(
                        "there is no device " + name + Suggestions.didYouMean(name, names(), "devices")));
    }

    /** {@code Hall.Light}, {@code Hall.Light.brightness}, {@code `küche/licht 2`.brightness}, {@code Tank.Pump.reset}. */
    Place place(String typed) {
        String name = bare(typed);
        if (house.named(name).isPresent()) {
            DeviceInfo device = device(name);
            String main = device.description().mainPoint();
            return new Place(
                    device,
                    main == null ? null : device.description().point(main).orElse(null),
                    null);
        }
        int dot = typed.lastIndexOf('.');
        if (dot <= 0 || dot == typed.length() - 1 || !Names.isMemberName(typed.substring(dot + 1))) {
            return new Place(device(name), null, null);
        }
        DeviceInfo device = device(typed.substring(0, dot));
        String member = typed.substring(dot + 1);
        PointSpec point = device.description().point(member).orElse(null);
        ActionSpec action = device.description().action(member).orElse(null);
        if (point == null && action == null) {
            List<String> members = Stream.concat(
                            device.description().points().stream().map(PointSpec::name),
                            device.description().actions().stream().map(ActionSpec::name))
                    .toList();
            throw new CommandFailure(
                    Names.quoted(device.name()) + " has no " + member + Suggestions.didYouMean(member, members));
        }
        return new Place(device, point, action);
    }

    List<String> names() {
        return house.model().devices().stream().map(DeviceInfo::name).toList();
    }

    /** The name of a point as a rule would write it. */
    String name(PointId id) {
        return house.model()
                        .device(id.device())
                        .map(d -> Names.quoted(d.name()))
                        .orElse(id.device().value())
                + '.'
                + id.point();
    }

    /** The value in the words of its point. */
    static String word(@Nullable PointSpec spec, @Nullable Value value) {
        if (value == null) {
            return "–";
        }
        return value instanceof Bool bool
                        && spec != null
                        && spec.value().options().size() == 2
                ? spec.value().word(bool)
                : line(value.toString());
    }

    /** A text that may come from the wire, as one line of moderate length that the terminal takes for nothing else. */
    static String line(String text) {
        String clean = CONTROL.matcher(text).replaceAll("�");
        return clean.length() <= LONGEST
                ? clean
                : clean.substring(0, LONGEST) + "… (" + clean.length() + " characters)";
    }

    private static String bare(String typed) {
        return typed.length() > 2 && typed.startsWith("`") && typed.endsWith("`")
                ? typed.substring(1, typed.length() - 1)
                : typed;
    }
}
