package org.fieldhouse.importer;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Service calls become commands, assignments and notifications. */
final class HaServices {
    /** How a notification looks; what it says stays. */
    private static final Set<String> LOOKS =
            Set.of("icon", "icon_url", "notification_icon", "color", "tag", "group", "channel", "sticky", "subtitle");

    private static final Set<String> SWITCHED =
            Set.of("light", "switch", "fan", "siren", "input_boolean", "homeassistant", "group", "cover", "climate");

    private final HaContext at;

    HaServices(HaContext at) {
        this.at = at;
    }

    void call(Node node, int line) {
        String service = Nodes.text(node, Nodes.map(node).containsKey("action") ? "action" : "service");
        Map<String, Node> data = new LinkedHashMap<>(Nodes.map(Nodes.get(node, "data")));
        data.putAll(Nodes.map(Nodes.get(node, "data_template")));
        Node target = Nodes.get(node, "target");
        for (String key : Nodes.map(node).keySet()) {
            if (!Set.of(
                            "service",
                            "action",
                            "data",
                            "data_template",
                            "target",
                            "entity_id",
                            "alias",
                            "enabled",
                            "metadata",
                            "continue_on_error")
                    .contains(key)) {
                at.draft.cannotLine(line, "'" + Text.title(key) + "' of this call has no counterpart");
            }
        }
        Node nested = data.remove("entity_id");
        Node entities = Nodes.get(target, "entity_id");
        entities = entities != null ? entities : nested != null ? nested : Nodes.get(node, "entity_id");
        if (!Nodes.map(target).isEmpty() && (Nodes.map(target).size() > 1 || Nodes.get(target, "entity_id") == null)
                || data.containsKey("area_id")
                || data.containsKey("device_id")) {
            at.draft.cannotLine(line, "a target by area, device or label: name the entities, or make a group");
            return;
        }
        if (Nodes.isTemplate(entities) || service.contains("{")) {
            at.draft.cannotLine(line, "what is called is made by a template");
            return;
        }
        int dot = service.indexOf('.');
        String domain = dot < 0 ? service : service.substring(0, dot);
        String name = dot < 0 ? "" : service.substring(dot + 1);
        dispatch(domain, name, Nodes.words(entities), data, line);
    }

    private void dispatch(String domain, String name, List<String> entities, Map<String, Node> data, int line) {
        if (domain.equals("notify") || domain.equals("persistent_notification") && name.equals("create")) {
            notify(domain, name, entities, data, line);
        } else if (domain.equals("logbook") && name.equals("log")
                || domain.equals("system_log") && name.equals("write")) {
            log(data, line);
        } else if (domain.equals("scene") && name.equals("turn_on")) {
            leftOver(data, Set.of());
            entities.forEach(each -> scene(each, line));
        } else if (entities.isEmpty()) {
            at.draft.cannotLine(line, unknown(domain, name));
        } else {
            entities.forEach(each -> entity(domain, name, each, data, line));
        }
    }

    private static String unknown(String domain, String name) {
        return "there is no counterpart of the service " + Text.title(domain + (name.isEmpty() ? "" : "." + name));
    }

    private void entity(String domain, String name, String id, Map<String, Node> data, int line) {
        boolean switching = SWITCHED.contains(domain)
                && Set.of("turn_on", "turn_off", "toggle").contains(name);
        String own = HaContext.domain(id);
        if (!switching
                && !Set.of(
                                "light",
                                "fan",
                                "cover",
                                "climate",
                                "lock",
                                "valve",
                                "input_number",
                                "input_select",
                                "input_text")
                        .contains(domain)) {
            at.draft.cannotLine(line, unknown(domain, name));
            return;
        }
        if (!domain.equals("homeassistant") && !domain.equals("group") && !domain.equals(own)) {
            at.draft.cannotLine(line, domain + "." + name + " does nothing to " + Text.title(id));
            return;
        }
        Thing thing = at.thing(id, line);
        if (thing != null) {
            // What is commanded may be so before anything is waited for.
            at.facts.removeIf(fact -> fact.startsWith(thing.path()));
        }
        if (thing == null) {
            at.draft.line("# " + Text.title(id));
        } else if (switching) {
            onOff(name, own, thing, data, line);
        } else {
            other(domain + "." + name, thing, data, line);
        }
    }

    private void onOff(String name, String domain, Thing thing, Map<String, Node> data, int line) {
        if (domain.equals("climate")) {
            leftOver(data, Set.of());
            at.draft.line(
                    name.equals("turn_off")
                            ? "set " + thing.point("mode") + " = off"
                            : cannot(line, "a thermostat is turned on to a mode: use climate.set_hvac_mode"));
        } else if (domain.equals("cover")) {
            leftOver(data, Set.of());
            at.draft.line(
                    name.equals("toggle")
                            ? "toggle " + thing.stateRef()
                            : (name.equals("turn_on") ? "open " : "close ") + thing.path());
        } else if (name.equals("toggle")) {
            leftOver(data, Set.of());
            at.draft.line("toggle " + thing.ref());
        } else if (thing.isVariable()) {
            leftOver(data, Set.of());
            at.draft.line("set " + thing.ref() + " = " + (name.equals("turn_on") ? "on" : "off"));
        } else if (domain.equals("light")) {
            light(name, thing, data, line);
        } else if (domain.equals("fan") && name.equals("turn_on") && data.containsKey("percentage")) {
            leftOver(data, Set.of("percentage"));
            at.draft.line("turn on " + thing.ref());
            percent("set " + thing.point("speed") + " = ", data.get("percentage"), line);
        } else {
            leftOver(data, Set.of());
            at.draft.line("turn " + (name.equals("turn_on") ? "on " : "off ") + thing.ref());
        }
    }

    private String cannot(int line, String why) {
        return "# " + at.draft.cannot(line, why);
    }

    private void light(String name, Thing thing, Map<String, Node> data, int line) {
        leftOver(
                data,
                name.equals("turn_on")
                        ? Set.of(
                                "brightness_pct",
                                "brightness",
                                "transition",
                                "rgb_color",
                                "color_name",
                                "color_temp_kelvin",
                                "kelvin",
                                "color_temp")
                        : Set.of("transition"));
        List<String> with = new ArrayList<>();
        String brightness = brightness(data, line);
        boolean dark = "0 %".equals(brightness);
        if (brightness != null && !dark) {
            with.add("brightness " + brightness);
        }
        Node transition = data.get("transition");
        if (transition != null) {
            with.add("fade " + at.duration(transition, line));
        }
        String arguments = with.isEmpty() ? "" : " with " + String.join(", ", with);
        boolean on = name.equals("turn_on") && !dark;
        at.draft.line("turn " + (on ? "on " : "off ") + thing.ref() + arguments);
        colour(thing, data, line);
    }

    private @Nullable String brightness(Map<String, Node> data, int line) {
        Node percent = data.get("brightness_pct");
        Node steps = data.get("brightness");
        String text = Nodes.text(percent != null ? percent : steps);
        if (percent == null && steps == null) {
            return null;
        }
        if (!text.matches("\\d{1,3}(\\.\\d+)?")) {
            return at.draft.cannot(line, "a brightness that is no number");
        }
        BigDecimal value = new BigDecimal(text);
        return Text.number(
                        percent != null
                                ? value
                                : value.multiply(BigDecimal.valueOf(100))
                                        .divide(BigDecimal.valueOf(255), 0, RoundingMode.HALF_UP))
                + " %";
    }

    private void colour(Thing thing, Map<String, Node> data, int line) {
        Node rgb = data.get("rgb_color");
        if (rgb != null) {
            List<String> parts = Nodes.words(rgb);
            boolean bytes = parts.size() == 3
                    && parts.stream().allMatch(each -> each.matches("\\d{1,3}") && Integer.parseInt(each) < 256);
            at.draft.line(
                    bytes
                            ? "set " + thing.point("colour") + " = \""
                                    + String.format(
                                            "#%02x%02x%02x",
                                            parts.stream().map(Integer::valueOf).toArray()) + "\""
                            : cannot(line, "a colour that is not three numbers up to 255"));
        }
        if (data.get("color_name") != null) {
            String word = Nodes.text(data.get("color_name"));
            at.draft.line("set " + thing.point("colour") + " = " + (word.matches("[a-z]+") ? word : Text.quoted(word)));
        }
        Node kelvin = data.containsKey("kelvin") ? data.get("kelvin") : data.get("color_temp_kelvin");
        String mired = Nodes.text(data.get("color_temp"));
        if (kelvin != null || !mired.isEmpty()) {
            String text = Nodes.text(kelvin);
            if (kelvin == null && mired.matches("[1-9]\\d{1,3}")) {
                text = String.valueOf(Math.round(1_000_000.0 / Integer.parseInt(mired)));
            }
            at.draft.line(
                    text.matches("\\d{4,5}")
                            ? "set " + thing.point("color_temp") + " = " + text + " K"
                            : cannot(line, "no colour temperature"));
        }
    }

    private void percent(String before, @Nullable Node number, int line) {
        String text = Nodes.text(number);
        at.draft.line(
                text.matches("\\d{1,3}(\\.\\d+)?")
                        ? before + Text.number(new BigDecimal(text)) + " %"
                        : cannot(line, "a percentage that is no number"));
    }

    private void other(String service, Thing thing, Map<String, Node> data, int line) {
        switch (service) {
            case "cover.open_cover", "valve.open_valve" -> plain("open " + thing.path(), data);
            case "cover.close_cover", "valve.close_valve" -> plain("close " + thing.path(), data);
            case "lock.lock" -> plain("lock " + thing.path(), data);
            case "lock.unlock" -> plain("unlock " + thing.path(), data);
            case "cover.set_cover_position", "valve.set_valve_position" -> {
                leftOver(data, Set.of("position"));
                percent("set " + thing.point("position") + " = ", data.get("position"), line);
            }
            case "fan.set_percentage" -> {
                leftOver(data, Set.of("percentage"));
                percent("set " + thing.point("speed") + " = ", data.get("percentage"), line);
            }
            case "climate.set_temperature" -> climate(thing, data, line);
            case "climate.set_hvac_mode" -> {
                leftOver(data, Set.of("hvac_mode"));
                mode(thing, data.get("hvac_mode"), line);
            }
            case "input_number.set_value" -> {
                leftOver(data, Set.of("value"));
                at.draft.line("set " + thing.ref() + " = "
                        + at.quantity(thing.spec(), Nodes.text(data.get("value")), thing.id(), line));
            }
            case "input_select.select_option" -> assign(thing, data, "option", line);
            case "input_text.set_value" -> assign(thing, data, "value", line);
            default -> at.draft.cannotLine(line, unknown(service, ""));
        }
    }

    private void plain(String statement, Map<String, Node> data) {
        leftOver(data, Set.of());
        at.draft.line(statement);
    }

    private void assign(Thing thing, Map<String, Node> data, String key, int line) {
        leftOver(data, Set.of(key));
        at.draft.line("set " + thing.ref() + " = " + at.message(Nodes.text(data.get(key)), line));
    }

    private void climate(Thing thing, Map<String, Node> data, int line) {
        leftOver(data, Set.of("temperature", "hvac_mode"));
        if (data.containsKey("hvac_mode")) {
            mode(thing, data.get("hvac_mode"), line);
        }
        if (thing.description() != null && thing.description().point("setpoint").isPresent()) {
            String value = at.quantity(
                    thing.description().point("setpoint").orElseThrow().value(),
                    Nodes.text(data.get("temperature")),
                    thing.id(),
                    line);
            at.draft.line("set " + thing.point("setpoint") + " = " + value);
        } else {
            at.draft.cannotLine(line, thing.id() + " has no setpoint here");
        }
    }

    private void mode(Thing thing, @Nullable Node mode, int line) {
        String word = thing.word(Nodes.text(mode));
        at.draft.line(
                word == null
                        ? cannot(line, "no mode '" + Text.title(Nodes.text(mode)) + "'")
                        : "set " + thing.stateRef() + " = " + word);
    }

    /** Activates a scene that stands in one of the files; whether it does is checked at the end. */
    void scene(String id, int line) {
        if (!HaContext.ENTITY.matcher(id).matches() || !id.startsWith("scene.")) {
            at.draft.cannotLine(line, "no scene: '" + Text.title(id) + "'");
            return;
        }
        at.draft.line("activate scene " + at.names.other(id, id.substring(6), "scene"));
    }

    private void log(Map<String, Node> data, int line) {
        leftOver(data, Set.of("message", "name", "level", "domain", "logger"));
        String name = Nodes.text(data.get("name"));
        at.draft.line("log " + at.message((name.isEmpty() ? "" : name + ": ") + Nodes.text(data.get("message")), line));
    }

    private void notify(String domain, String name, List<String> entities, Map<String, Node> data, int line) {
        leftOver(data, Set.of("message", "title", "data", "notification_id", "target"));
        if (data.containsKey("target")) {
            at.draft.cannotLine(line, "a notification to a target within its service: name the recipient");
        }
        looks(data.get("data"), line);
        String title = Nodes.text(data.get("title"));
        String text = at.message((title.isEmpty() ? "" : title + ": ") + Nodes.text(data.get("message")), line);
        List<String> to = new ArrayList<>();
        if (domain.equals("notify")
                && !name.equals("notify")
                && !name.equals("send_message")
                && !name.equals("persistent_notification")) {
            to.add(recipient(name));
        }
        entities.forEach(each -> to.add(recipient(each.replaceFirst("^notify\\.", ""))));
        at.draft.line("notify " + (to.isEmpty() ? "" : String.join(", ", to) + " ") + text);
    }

    private String recipient(String name) {
        String words = name.replaceFirst("^mobile_app_", "");
        return at.names.other("notify." + name, words.isEmpty() ? name : words, "notify");
    }

    private void looks(@Nullable Node data, int line) {
        List<String> left = new ArrayList<>();
        for (Map.Entry<String, Node> each : Nodes.map(data).entrySet()) {
            if (LOOKS.contains(each.getKey())) {
                left.add(each.getKey());
            } else {
                at.draft.cannotLine(
                        Nodes.line(each.getValue()),
                        "'" + Text.title(each.getKey()) + "' of a notification has no counterpart");
            }
        }
        if (!left.isEmpty()) {
            at.draft.note(line, "how the notification looks was left out: " + String.join(", ", left));
        }
        if (data != null && !(data instanceof MappingNode)) {
            at.draft.cannotLine(line, "the data of a notification made by a template");
        }
    }

    private void leftOver(Map<String, Node> data, Set<String> known) {
        for (Map.Entry<String, Node> each : data.entrySet()) {
            if (!known.contains(each.getKey())) {
                at.draft.cannotLine(
                        Nodes.line(each.getValue()), "'" + Text.title(each.getKey()) + "' has no counterpart");
            }
        }
    }
}
