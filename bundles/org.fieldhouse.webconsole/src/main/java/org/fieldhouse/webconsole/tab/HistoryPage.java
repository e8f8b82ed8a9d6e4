package org.fieldhouse.webconsole.tab;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.history.Intervals;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.webconsole.tab.Tab.Refused;

/** What a point was, as a graph made here: the browser runs nothing for it. */
final class HistoryPage {
    /** States that are listed, the latest ones. */
    private static final int LISTED = 30;

    private static final int WIDTH = 860;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int TOP = 12;
    private static final int BOTTOM = 28;
    private static final int PLOT = WIDTH - LEFT - 10;
    private static final int TALL = HEIGHT - TOP - BOTTOM;

    private HistoryPage() {}

    /** How much time a graph shows, in how long pieces, with marks how far apart. */
    private enum Range {
        HOUR(Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofMinutes(10), "HH:mm"),
        DAY(Duration.ofDays(1), Duration.ofMinutes(5), Duration.ofHours(3), "HH:mm"),
        WEEK(Duration.ofDays(7), Duration.ofMinutes(30), Duration.ofDays(1), "EEE d MMM");

        final Duration length;
        final Duration piece;
        final Duration mark;
        final String marked;

        Range(Duration length, Duration piece, Duration mark, String marked) {
            this.length = length;
            this.piece = piece;
            this.mark = mark;
            this.marked = marked;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Range of(String word) {
            return Stream.of(values())
                    .filter(r -> r.word().equals(word))
                    .findFirst()
                    .orElse(DAY);
        }
    }

    static Html link(DeviceInfo device, PointSpec point, Html text) {
        return Html.of(
                "<a href=\"{}devices/history?id={}&amp;point={}\">{}</a>",
                Tab.ROOT,
                Tab.url(device.id().value()),
                point.name(),
                text);
    }

    static Html page(History history, DeviceInfo device, String point, String shown, Instant now, ZoneId zone)
            throws Refused {
        PointSpec spec = device.description()
                .point(point)
                .orElseThrow(() -> new Refused(device.name() + " has no point " + point + "."));
        Range range = Range.of(shown);
        PointId id = new PointId(device.id(), spec.name());
        try {
            return Html.of(
                    """
                    <p><a href="{}devices/one?id={}">{}</a></p>
                    <h2>{}.{}</h2>
                    <p class="fh-ranges">{}</p>
                    <div id="graph">{}</div>
                    <h3>States</h3>
                    {}
                    """,
                    Tab.ROOT,
                    Tab.url(device.id().value()),
                    device.name(),
                    device.name(),
                    spec.name(),
                    ranges(device, spec, range),
                    hasGraph(spec) ? graph(history, id, spec, range, now, zone) : Html.NONE,
                    states(history, id, spec, now.minus(range.length), now, zone));
        } catch (StoreException e) {
            throw new Refused("The history cannot be asked: " + e.getMessage());
        }
    }

    private static boolean hasGraph(PointSpec spec) {
        return spec.value().kind() == ValueKind.QUANTITY || spec.value().kind() == ValueKind.BOOL;
    }

    private static Html ranges(DeviceInfo device, PointSpec spec, Range now) {
        return Html.join(Stream.of(Range.values())
                .map(range -> Html.of(
                        "<a href=\"{}devices/history?id={}&amp;point={}&amp;range={}\"{}>{}</a> ",
                        Tab.ROOT,
                        Tab.url(device.id().value()),
                        spec.name(),
                        range.word(),
                        range == now ? Html.of(" aria-current=\"true\"") : Html.NONE,
                        "Last " + range.word())));
    }

    private static Html graph(History history, PointId id, PointSpec spec, Range range, Instant now, ZoneId zone)
            throws StoreException {
        Instant from = now.minus(range.length);
        List<Aggregate> pieces = history.aggregates(id, Intervals.edges(from, now, range.piece, zone));
        boolean share = spec.value().kind() == ValueKind.BOOL;
        double least = share ? 0 : least(pieces);
        double most = share ? 1 : most(pieces);
        if (Double.isNaN(least)) {
            return Html.of("<p>Nothing is known of that time.</p>");
        }
        double room = most > least ? share ? 0 : (most - least) / 20 : 1;
        Scale scale = new Scale(from, now, least - room, most + room);
        return Html.of(
                "<svg class=\"fh-graph\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}{}{}{}</svg>",
                WIDTH,
                HEIGHT,
                "Graph of " + spec.name() + " over the last " + range.word(),
                marks(range, scale, zone),
                levels(
                        share,
                        scale,
                        share ? Unit.ONE : pieces.get(pieces.size() - 1).unit(),
                        spec),
                band(pieces, scale),
                line(pieces, scale));
    }

    private static double least(List<Aggregate> pieces) {
        return pieces.stream()
                .mapToDouble(Aggregate::min)
                .filter(n -> !Double.isNaN(n))
                .min()
                .orElse(Double.NaN);
    }

    private static double most(List<Aggregate> pieces) {
        return pieces.stream()
                .mapToDouble(Aggregate::max)
                .filter(n -> !Double.isNaN(n))
                .max()
                .orElse(Double.NaN);
    }

    /** From times and numbers to places in the picture. */
    private record Scale(Instant from, Instant to, double least, double most) {
        double x(Instant time) {
            return LEFT
                    + PLOT
                            * (double) Duration.between(from, time).toMillis()
                            / Duration.between(from, to).toMillis();
        }

        double y(double number) {
            return TOP + TALL * (most - number) / (most - least);
        }
    }

    private static String place(double at) {
        return String.format(Locale.ROOT, "%.1f", at);
    }

    private static Html marks(Range range, Scale scale, ZoneId zone) {
        DateTimeFormatter words =
                DateTimeFormatter.ofPattern(range.marked, Locale.ENGLISH).withZone(zone);
        List<Instant> edges = Intervals.edges(scale.from, scale.to, range.mark, zone);
        return Html.join(edges.subList(1, edges.size() - 1).stream()
                .map(edge -> Html.of(
                        "<line class=\"fh-grid\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                        place(scale.x(edge)),
                        place(scale.x(edge)),
                        TOP,
                        TOP + TALL,
                        place(scale.x(edge)),
                        HEIGHT - 8,
                        words.format(edge))));
    }

    private static Html levels(boolean share, Scale scale, Unit unit, PointSpec spec) {
        int steps = share ? 1 : 4;
        Stream.Builder<Html> all = Stream.builder();
        for (int i = 0; i <= steps; i++) {
            double number = scale.least + (scale.most - scale.least) * i / steps;
            String word = share
                    ? spec.value().options().get(i)
                    : Words.value(spec, new Quantity(rounded(number, scale.most - scale.least), unit));
            all.add(Html.of(
                    "<line class=\"fh-grid\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                    LEFT,
                    LEFT + PLOT,
                    place(scale.y(number)),
                    place(scale.y(number)),
                    LEFT - 6,
                    place(scale.y(number) + 4),
                    word));
        }
        return Html.join(all.build());
    }

    /** Digits that tell the levels apart. */
    private static double rounded(double number, double span) {
        double step = Math.pow(10, Math.floor(Math.log10(span)) - 1);
        double rounded = step >= 1 ? Math.rint(number / step) * step : Math.rint(number / step) / Math.rint(1 / step);
        return Double.isFinite(rounded) ? rounded : number;
    }

    /** From the least to the greatest number of each piece; a gap where nothing is known. */
    private static Html band(List<Aggregate> pieces, Scale scale) {
        StringBuilder path = new StringBuilder();
        for (Aggregate each : pieces) {
            if (each.known() > 0) {
                path.append('M')
                        .append(place(scale.x(each.from())))
                        .append(' ')
                        .append(place(scale.y(each.max())))
                        .append('H')
                        .append(place(scale.x(each.to())))
                        .append('V')
                        .append(place(scale.y(each.min())))
                        .append('H')
                        .append(place(scale.x(each.from())))
                        .append('Z');
            }
        }
        return Html.of("<path class=\"fh-band\" d=\"{}\"/>", path);
    }

    private static Html line(List<Aggregate> pieces, Scale scale) {
        StringBuilder path = new StringBuilder();
        boolean on = false;
        for (Aggregate each : pieces) {
            if (each.known() == 0) {
                on = false;
                continue;
            }
            String height = place(scale.y(each.mean()));
            path.append(on ? 'L' : 'M')
                    .append(place(scale.x(each.from())))
                    .append(' ')
                    .append(height)
                    .append('H')
                    .append(place(scale.x(each.to())));
            on = true;
        }
        return Html.of("<path class=\"fh-line\" d=\"{}\"/>", path);
    }

    private static Html states(History history, PointId id, PointSpec spec, Instant from, Instant to, ZoneId zone)
            throws StoreException {
        Deque<PastState> latest = new ArrayDeque<>();
        history.before(id, from).ifPresent(latest::add);
        long[] all = {0};
        history.read(id, from, to, state -> {
            all[0]++;
            if (latest.size() == LISTED) {
                latest.pop();
            }
            latest.add(state);
            return true;
        });
        if (latest.isEmpty()) {
            return Html.of("<p>Nothing was reported in that time, nor before.</p>");
        }
        Stream.Builder<Html> rows = Stream.builder();
        while (!latest.isEmpty()) {
            PastState state = latest.removeLast();
            rows.add(Html.of(
                    "<tr><td>{}</td><td><b>{}</b></td><td>{}</td></tr>",
                    Words.moment(state.time(), zone),
                    Words.value(spec, state.value()),
                    Words.word(state.quality())));
        }
        return Html.of(
                "<table class=\"fh-table\">{}<tbody>{}</tbody></table><p class=\"fh-note\">{}</p>",
                Tab.head("Since", "Value", "Quality"),
                Html.join(rows.build()),
                all[0] > LISTED
                        ? "The latest " + LISTED + " of " + all[0] + "; fieldhouse:history in the shell shows others."
                        : "Times in " + zone + ".");
    }
}
