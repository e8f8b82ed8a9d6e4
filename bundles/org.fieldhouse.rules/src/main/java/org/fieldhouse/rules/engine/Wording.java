package org.fieldhouse.rules.engine;

import java.time.Duration;
import java.util.Locale;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Source;
import org.jspecify.annotations.Nullable;

/** Says things of the house by the names that rule files use. */
public final class Wording {
    private final HouseModel model;

    public Wording(HouseModel model) {
        this.model = model;
    }

    /** {@code 5 min}: in the largest unit of which there are whole ones. */
    public static String duration(Duration time) {
        long millis = time.toMillis();
        if (millis % 1000 != 0) {
            return millis / 1000.0 + " s";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    /** {@code 1 h 30 min}: as tests write a time from their start. */
    public static String offset(Duration time) {
        StringBuilder all = new StringBuilder();
        part(all, time.toHours(), "h");
        part(all, time.toMinutesPart(), "min");
        part(all, time.toSecondsPart(), "s");
        part(all, time.toMillisPart(), "ms");
        return all.isEmpty() ? "0 s" : all.toString();
    }

    private static void part(StringBuilder all, long count, String unit) {
        if (count > 0) {
            all.append(all.isEmpty() ? "" : " ").append(count).append(' ').append(unit);
        }
    }

    /** What those cells are: {@code Hall.Light is on, Hall.Lux is unknown}. */
    public String values(Engine engine, int[] cells) {
        StringBuilder all = new StringBuilder();
        for (int each : cells) {
            Source source = engine.program().sources().get(each);
            Cell cell = engine.cell(each);
            all.append(all.isEmpty() ? "" : ", ")
                    .append(name(source))
                    .append(" is ")
                    .append(state(source, cell));
        }
        return all.toString();
    }

    private String state(Source source, Cell cell) {
        Value value = cell.value();
        if (value == null) {
            return "unknown";
        }
        if (cell.quality() != Quality.GOOD) {
            return cell.quality().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        return source instanceof Source.OfPoint point ? value(point.id(), value) : value.toString();
    }

    public String name(Source source) {
        if (source instanceof Source.OfPoint point) {
            return name(point.id());
        } else if (source instanceof Source.OfVariable variable) {
            return variable.name();
        } else if (source instanceof Source.OfDevice device) {
            return model.device(device.id())
                            .map(DeviceInfo::name)
                            .orElse(device.id().value()) + " online";
        }
        return ((Source.OfDeclaration) source).declaration();
    }

    /** {@code Hall.Light} for the main point of a device, {@code Hall.Light.brightness} for the others. */
    public String name(PointId point) {
        return model.device(point.device())
                .map(device -> point.point().equals(device.description().mainPoint())
                        ? device.name()
                        : device.name() + "." + point.point())
                .orElse(point.toString());
    }

    /** A value in the words of the point: open, 21 °C. */
    public String value(PointId point, @Nullable Value value) {
        if (value instanceof Bool bool) {
            return model.point(point).map(spec -> spec.value().word(bool)).orElse(bool.toString());
        }
        return value == null ? "unknown" : value.toString();
    }
}
