package org.fieldhouse.webconsole.tab;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** One device: a row of the list, and a page. */
final class DevicePage {
    private final House house;
    private final Tab tab;

    DevicePage(House house, Tab tab) {
        this.house = house;
        this.tab = tab;
    }

    Html row(DeviceInfo device) {
        String main = device.description().mainPoint();
        PointSpec point = main == null ? null : device.description().point(main).orElse(null);
        Html state = point == null
                ? Html.of("<td></td><td></td><td></td>")
                : state(point, house.state(new PointId(device.id(), point.name())), point.name() + " ");
        return Html.of(
                "<tr><td><a href=\"{}devices/one?id={}\">{}</a></td><td>{}</td><td>{}</td>{}<td>{}</td></tr>",
                Tab.ROOT,
                Tab.url(device.id().value()),
                device.name(),
                device.area(),
                status(device.status()),
                state,
                device.binding());
    }

    private static Html status(Status status) {
        return Html.of(
                "<span class=\"fh-status fh-{}\">{}</span> {}",
                Words.word(status.condition()),
                Words.word(status.condition()),
                status.reason());
    }

    /** Three cells: value, quality, age. */
    private static Html state(PointSpec point, State state, String name) {
        long now = Instant.now().toEpochMilli() * 1_000;
        return Html.of(
                "<td>{}<b>{}</b></td><td{}>{}</td><td>{}</td>",
                name,
                Words.value(point, state.value()),
                state.quality().isGood() ? Html.NONE : Html.of(" class=\"fh-doubt\""),
                Words.word(state.quality()),
                state.value() == null ? "" : Words.age(now - state.receivedMicros()));
    }

    /** @param past whether there is a history to link to */
    Html page(HttpServletRequest request, DeviceInfo device, boolean past) {
        return Html.of(
                """
                <p><a href="{}devices">All devices</a></p>
                <h2>{}</h2>
                <p id="status" data-live>{}</p>
                {}
                <h3>Points</h3>
                <table class="fh-table">{}<tbody id="points" data-live>{}</tbody></table>
                {}
                {}
                <h3>About the device</h3>
                <table class="fh-table fh-facts"><tbody>{}</tbody></table>
                """,
                Tab.ROOT,
                device.name(),
                status(device.status()),
                held(request, device),
                Tab.head("Point", "Value", "Quality", "Age", "Can be", "Asked, strongest first", ""),
                Html.join(device.description().points().stream().map(point -> point(device, point, past))),
                settable(request, device),
                actions(request, device),
                facts(device));
    }

    private Html point(DeviceInfo device, PointSpec point, boolean past) {
        PointId id = new PointId(device.id(), point.name());
        Html asked = Html.join(house.priorities(id).entries().stream()
                .map(entry -> Html.of(
                        "<li>{} by {} at {}{}</li>",
                        Words.value(point, entry.value()),
                        entry.holder(),
                        slot(entry),
                        until(entry))));
        return Html.of(
                "<tr><td title=\"{}\">{}</td>{}<td>{}{}</td><td><ol class=\"fh-asked\">{}</ol></td><td><a href=\"{}rules/why?device={}&amp;point={}\">Why?</a>{}</td></tr>",
                point.title(),
                point.name(),
                state(point, house.state(id), ""),
                point.value().describe(),
                point.access().writable() ? "" : ", read only",
                asked,
                Tab.ROOT,
                Tab.url(device.id().value()),
                point.name(),
                past ? Html.of(" · {}", HistoryPage.link(device, point, Html.of("History"))) : Html.NONE);
    }

    private static String slot(PriorityArray.Entry entry) {
        return Arrays.stream(PriorityClass.values())
                .filter(each -> each.slot() == entry.slot())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("slot " + entry.slot());
    }

    private static String until(PriorityArray.Entry entry) {
        return entry.untilMicros() == 0 ? "" : " until " + Words.moment(entry.untilMicros());
    }

    /** What a person's hand holds, with a button for each that takes it off. */
    private Html held(HttpServletRequest request, DeviceInfo device) {
        Html rows = Html.join(device.description().points().stream()
                .flatMap(point -> house.priorities(new PointId(device.id(), point.name())).entries().stream()
                        .filter(entry -> entry.slot() == PriorityClass.MANUAL.slot())
                        .map(entry -> Html.of(
                                "<li>{} is held at <b>{}</b> by {}{}; rules wait. {}{}{}<button>Release</button></form></li>",
                                point.name(),
                                Words.value(point, entry.value()),
                                entry.holder(),
                                until(entry),
                                tab.form(request, "/release", Html.of("class=\"fh-inline\"")),
                                Tab.hidden("id", device.id().value()),
                                Tab.hidden("point", point.name())))));
        return rows.isEmpty() ? Html.NONE : Html.of("<ul class=\"fh-held\">{}</ul>", rows);
    }

    private Html settable(HttpServletRequest request, DeviceInfo device) {
        Html rows = Html.join(device.description().points().stream()
                .filter(point -> point.access().writable())
                .map(point -> set(request, device, point)));
        return rows.isEmpty()
                ? Html.NONE
                : Html.of("<h3>Set a point</h3><table class=\"fh-table fh-forms\"><tbody>{}</tbody></table>", rows);
    }

    private Html set(HttpServletRequest request, DeviceInfo device, PointSpec point) {
        State state = house.state(new PointId(device.id(), point.name()));
        return Html.of(
                "<tr><th scope=\"row\">{}</th><td>{}{}{}{}{} <label>hold <select name=\"hold\">{}</select></label>"
                        + " <button>Set</button></form></td></tr>",
                point.name(),
                tab.form(request, "/set", Html.of("class=\"fh-inline\"")),
                Tab.hidden("id", device.id().value()),
                Tab.hidden("point", point.name()),
                field("value", point.name(), point.value(), state.value(), true),
                arguments(point.parameters()),
                Html.join(Commands.HOLD_WORDS.stream().map(word -> Html.of("<option>{}</option>", word))));
    }

    private Html actions(HttpServletRequest request, DeviceInfo device) {
        Html rows = Html.join(device.description().actions().stream().map(action -> action(request, device, action)));
        return rows.isEmpty()
                ? Html.NONE
                : Html.of("<h3>Actions</h3><table class=\"fh-table fh-forms\"><tbody>{}</tbody></table>", rows);
    }

    private Html action(HttpServletRequest request, DeviceInfo device, ActionSpec action) {
        return Html.of(
                "<tr><th scope=\"row\">{}</th><td>{}{}{}{} <button>Do it</button> {}</form></td></tr>",
                action.name(),
                tab.form(request, "/do", Html.of("class=\"fh-inline\"")),
                Tab.hidden("id", device.id().value()),
                Tab.hidden("action", action.name()),
                arguments(action.arguments()),
                action.title());
    }

    private static Html arguments(Iterable<ArgumentSpec> specs) {
        Stream.Builder<Html> fields = Stream.builder();
        for (ArgumentSpec spec : specs) {
            fields.add(Html.of(
                    " <label>{} {}</label>",
                    spec.name(),
                    field("with." + spec.name(), spec.name(), spec.value(), null, spec.required())));
        }
        return Html.join(fields.build());
    }

    /** A field for a value of that specification, filled with what is now. */
    private static Html field(String name, String label, ValueSpec spec, @Nullable Value now, boolean required) {
        return switch (spec.kind()) {
            case BOOL, CHOICE ->
                Html.of(
                        "<select name=\"{}\" aria-label=\"{}\">{}{}</select>",
                        name,
                        label,
                        required ? Html.NONE : Html.of("<option></option>"),
                        Html.join(spec.options().stream()
                                .map(option -> Html.of(
                                        "<option{}>{}</option>",
                                        option.equals(is(spec, now)) ? Html.of(" selected") : Html.NONE,
                                        option))));
            case QUANTITY ->
                Html.of(
                        "<input name=\"{}\" aria-label=\"{}\" inputmode=\"decimal\" size=\"8\" value=\"{}\" title=\"{}\"{}> {}",
                        name,
                        label,
                        now instanceof Quantity q ? Quantity.of(q.number()).toString() : "",
                        spec.describe(),
                        required ? Html.of(" required") : Html.NONE,
                        spec.unit() == null ? "" : spec.unit().symbol());
            case TEXT, MOMENT, COLOUR ->
                Html.of(
                        "<input name=\"{}\" aria-label=\"{}\" value=\"{}\" placeholder=\"{}\"{}>",
                        name,
                        label,
                        now == null ? "" : now,
                        switch (spec.kind()) {
                            case MOMENT -> "2026-11-21T12:00:00Z";
                            case COLOUR -> "#rrggbb";
                            default -> "";
                        },
                        required ? Html.of(" required") : Html.NONE);
        };
    }

    private static String is(ValueSpec spec, @Nullable Value now) {
        return now instanceof Bool bool ? spec.word(bool) : String.valueOf(now);
    }

    private Html facts(DeviceInfo device) {
        Stream.Builder<Map.Entry<String, String>> facts = Stream.builder();
        facts.add(Map.entry("id", device.id().value()));
        facts.add(Map.entry("type", device.description().type()));
        facts.add(Map.entry("binding", device.binding()));
        if (device.bridge() != null) {
            facts.add(Map.entry(
                    "through",
                    house.model()
                            .device(device.bridge())
                            .map(DeviceInfo::name)
                            .orElse(device.bridge().value())));
        }
        if (!device.area().isEmpty()) {
            facts.add(Map.entry("area", device.area()));
        }
        if (!device.tags().isEmpty()) {
            facts.add(Map.entry(
                    "tags", String.join(", ", device.tags().stream().sorted().toList())));
        }
        Stream<Map.Entry<String, String>> details =
                device.description().details().entrySet().stream().sorted(Map.Entry.comparingByKey());
        return Html.join(Stream.concat(facts.build(), details)
                .map(fact -> Html.of("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", fact.getKey(), fact.getValue())));
    }
}
