package org.fieldhouse.importer;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Translates names, values and durations of Home Assistant for one draft. */
final class HaContext {
    static final Pattern ENTITY = Pattern.compile("([a-z_]+)\\.([a-z0-9_]+)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,12}(\\.\\d{1,9})?");
    private static final Pattern CLOCK = Pattern.compile("([-+]?)(\\d{1,3}):(\\d{1,2})(?::(\\d{1,2})(?:\\.\\d+)?)?");
    private static final Pattern STATE = Pattern.compile(
            "\\{\\{-?\\s*states(?:\\(\\s*['\"]([a-z_]+\\.[a-z0-9_]+)['\"]\\s*\\)|\\.([a-z_]+\\.[a-z0-9_]+)\\.state)\\s*-?\\}\\}");

    /** The kinds of what is commanded, by domain. */
    private static final Map<String, String> DOMAINS = Map.of(
            "light", "light",
            "switch", "switch",
            "fan", "fan",
            "cover", "cover",
            "lock", "lock",
            "climate", "thermostat",
            "siren", "siren",
            "valve", "valve",
            "person", "presence",
            "device_tracker", "presence");

    final Draft draft;
    final Names names;
    private final boolean fahrenheit;
    /** The trigger that a rule was made for, if an automation is made into several; null otherwise. */
    final @Nullable String triggerId;
    /** States that hold for certain at this point of the rule: {@code "Hall.Motion is on"}. */
    final Set<String> facts = new HashSet<>();

    HaContext(Draft draft, Names names, boolean fahrenheit, @Nullable String triggerId) {
        this.draft = draft;
        this.names = names;
        this.fahrenheit = fahrenheit;
        this.triggerId = triggerId;
    }

    /** The thing with that entity id; null after the reason was noted. */
    @Nullable
    Thing thing(String id, int line) {
        Matcher parts = ENTITY.matcher(id);
        if (!parts.matches()) {
            draft.cannot(
                    line,
                    id.matches("[0-9a-f]{32}")
                            ? "the id of a device or entity says nothing outside Home Assistant: write its entity_id"
                            : "'" + Text.title(id) + "' is no entity id");
            return null;
        }
        Thing found = thing(id, parts.group(1), parts.group(2));
        if (found == null) {
            String why = parts.group(1).endsWith("sensor")
                    ? "what " + id + " measures, and in which unit, is not known: name its kind in the map (--map)"
                    : "there is no kind of device for " + id + ": name one in the map (--map)";
            draft.cannot(line, why);
            return null;
        }
        draft.uses(found);
        return found;
    }

    private @Nullable Thing thing(String id, String domain, String words) {
        return switch (domain) {
            case "input_boolean" -> names.onOff(id, words, domain);
            case "input_number" -> names.number(id, words, domain);
            case "input_select", "input_text" -> names.text(id, words, domain);
            case "input_button", "button" -> names.device(id, words, domain, "button");
            case "binary_sensor" -> names.device(id, words, domain, Kinds.contact(words));
            case "sensor" -> names.device(id, words, domain, Kinds.sensor(words));
            default -> names.device(id, words, domain, DOMAINS.getOrDefault(domain, ""));
        };
    }

    static String domain(String id) {
        int dot = id.indexOf('.');
        return dot < 0 ? id : id.substring(0, dot);
    }

    /** A number as a value of the thing, with its unit. */
    String quantity(@Nullable ValueSpec spec, String number, String what, int line) {
        if (spec == null || spec.kind() != ValueKind.QUANTITY || spec.unit() == null) {
            return draft.cannot(line, what + " is no number here");
        }
        if (!NUMBER.matcher(number).matches()) {
            return draft.cannot(
                    line, number.contains("{") ? HaConditions.TEMPLATE : "'" + Text.title(number) + "' is no number");
        }
        BigDecimal value = new BigDecimal(number);
        Unit unit = spec.unit();
        if (unit.symbol().equals("°C")) {
            return degrees(value, line);
        }
        return Text.number(value) + (unit.symbol().isEmpty() ? "" : " " + unit.symbol());
    }

    private String degrees(BigDecimal value, int line) {
        if (!fahrenheit && value.compareTo(BigDecimal.valueOf(45)) > 0) {
            draft.note(line, value + " is read as °C; if your house measures in °F say --fahrenheit");
        }
        return Text.number(value) + (fahrenheit ? " °F" : " °C");
    }

    /** A duration: 00:05:00, a number of seconds, or a map of hours, minutes and so on. Null after the reason was noted. */
    @Nullable
    String duration(@Nullable Node node, int line) {
        Duration found = node == null || Nodes.isTemplate(node) ? null : read(node);
        if (found == null || found.isNegative() || found.toDays() > 3650) {
            draft.cannot(
                    line,
                    node != null && (Nodes.isTemplate(node) || hasTemplate(node))
                            ? "a duration made by a template: write it as a duration, or take a variable"
                            : "no duration: '" + Text.title(Nodes.text(node)) + "'");
            return null;
        }
        return Text.duration(found);
    }

    private static boolean hasTemplate(Node node) {
        return Nodes.map(node).values().stream().anyMatch(Nodes::isTemplate);
    }

    private static @Nullable Duration read(Node node) {
        if (!(node instanceof MappingNode)) {
            return offset(Nodes.text(node));
        }
        BigDecimal seconds = BigDecimal.ZERO;
        for (Map.Entry<String, Node> each : Nodes.map(node).entrySet()) {
            Integer unit = Map.of(
                            "days",
                            86_400_000,
                            "hours",
                            3_600_000,
                            "minutes",
                            60_000,
                            "seconds",
                            1_000,
                            "milliseconds",
                            1)
                    .get(each.getKey());
            String number = Nodes.text(each.getValue());
            if (unit == null || !NUMBER.matcher(number).matches()) {
                return null;
            }
            seconds = seconds.add(new BigDecimal(number).multiply(BigDecimal.valueOf(unit)));
        }
        return Duration.ofMillis(seconds.longValue());
    }

    /** A number of seconds or a clock's hours, minutes and seconds, either with a sign; null for anything else. */
    static @Nullable Duration offset(String text) {
        if (NUMBER.matcher(text).matches()) {
            return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
        }
        Matcher clock = CLOCK.matcher(text);
        if (!clock.matches()) {
            return null;
        }
        try {
            Duration found = Duration.ofHours(Long.parseLong(clock.group(2)))
                    .plusMinutes(Long.parseLong(clock.group(3)))
                    .plusSeconds(clock.group(4) == null ? 0 : Long.parseLong(clock.group(4)));
            return clock.group(1).equals("-") ? found.negated() : found;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** A time of day; null if the text is none. */
    static @Nullable String clock(String text) {
        Matcher m = Pattern.compile("(\\d{1,2}):(\\d{2})(?::(\\d{2}))?").matcher(text);
        if (!m.matches() || Integer.parseInt(m.group(1)) > 23 || Integer.parseInt(m.group(2)) > 59) {
            return null;
        }
        boolean seconds = m.group(3) != null && !m.group(3).equals("00");
        String hour = m.group(1).length() == 1 ? "0" + m.group(1) : m.group(1);
        return hour + ":" + m.group(2) + (seconds ? ":" + m.group(3) : "");
    }

    /** A text for people, with the states that it names as holes. */
    String message(String text, int line) {
        StringBuilder out = new StringBuilder();
        Matcher holes = STATE.matcher(text);
        int from = 0;
        while (holes.find()) {
            plain(text.substring(from, holes.start()), line, out);
            Thing thing = thing(holes.group(1) != null ? holes.group(1) : holes.group(2), line);
            from = holes.end();
            if (thing != null) {
                out.append('{').append(thing.stateRef()).append('}');
                from += unit(thing.stateSpec(), text.substring(from));
            }
        }
        plain(text.substring(from), line, out);
        return "\"" + out + "\"";
    }

    /** A value is shown with its unit here, so the same unit behind it is left out. */
    private static int unit(@Nullable ValueSpec spec, String rest) {
        String symbol = spec == null || spec.unit() == null ? "" : spec.unit().symbol();
        Matcher unit = Pattern.compile("\\s?" + Pattern.quote(symbol) + "(?![\\p{L}\\p{N}])")
                .matcher(rest);
        return !symbol.isEmpty() && unit.lookingAt() ? unit.end() : 0;
    }

    private void plain(String text, int line, StringBuilder out) {
        if (text.contains("{{") || text.contains("{%") || text.contains("{#")) {
            out.append(draft.cannot(line, "a text with a template other than states('…')"));
        } else {
            out.append(Text.escaped(text));
        }
    }
}
