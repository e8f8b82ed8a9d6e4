package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known of openHAB's items: from .items files, and else from how the rules use them. */
final class OhItems {
    private static final Pattern ITEM = Pattern.compile(
            "^[ \\t]*(Group(?::[A-Za-z:]+(?:\\([^)\\r"
                    + "\\n"
                    + "]*\\))?)?|Switch|Dimmer|Contact|Rollershutter|Color|String|DateTime|Player|Image|Location|Call|Number(?::\\w+)?)["
                    + " \\t]+([A-Za-z_]\\w*)",
            Pattern.MULTILINE);

    /**
     * A line of an .items file.
     *
     * @param bound whether it has a channel or another binding; one that has none only holds a value
     */
    record Item(String type, boolean bound) {}

    private final Names names;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Map<String, List<String>> members = new HashMap<>();
    private final Map<String, Set<String>> uses = new HashMap<>();

    OhItems(Names names) {
        this.names = names;
    }

    /** Reads an .items file. */
    void declare(String text) {
        String plain = text.replaceAll("//[^\\r\\n\"{]*(?=[\\r\\n]|$)", "");
        Matcher lines = ITEM.matcher(plain);
        List<int[]> starts = new ArrayList<>();
        while (lines.find()) {
            starts.add(new int[] {lines.start(), lines.end()});
            items.put(lines.group(2), new Item(lines.group(1), false));
        }
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1)[0] : plain.length();
            Matcher head = ITEM.matcher(plain.substring(starts.get(i)[0], starts.get(i)[1]));
            if (head.find()) {
                rest(head.group(2), head.group(1), plain.substring(starts.get(i)[1], end));
            }
        }
    }

    private void rest(String name, String type, String rest) {
        String bare = rest.replaceAll("\"(?:[^\"\\\\]|\\\\.)*+\"", "");
        items.put(name, new Item(type, bare.contains("{")));
        Matcher groups = Pattern.compile("\\(([^)]*)\\)").matcher(bare.replaceAll("\\{[^}]*\\}?", ""));
        while (groups.find()) {
            for (String group : groups.group(1).split("[,\\s]+")) {
                members.computeIfAbsent(group, key -> new ArrayList<>()).add(name);
            }
        }
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** Remembers how the words around an item use it. */
    void used(String name, String how) {
        uses.computeIfAbsent(name, key -> new HashSet<>()).add(how);
    }

    boolean isGroup(String name) {
        Item item = items.get(name);
        return item != null && item.type().startsWith("Group");
    }

    /** The members of a group, or those of its groups, that are items themselves. */
    List<String> members(String group, int depth) {
        List<String> out = new ArrayList<>();
        for (String each : members.getOrDefault(group, List.of())) {
            if (!isGroup(each)) {
                out.add(each);
            } else if (depth < 8) {
                out.addAll(members(each, depth + 1));
            }
        }
        return out.stream().distinct().toList();
    }

    /** A group as a declaration; null if one of its members is not known. */
    @Nullable
    Thing group(String name) {
        List<String> paths = new ArrayList<>();
        for (String each : members(name, 0)) {
            Thing member = thing(each);
            if (member == null || member.isVariable()) {
                return null;
            }
            paths.add(member.ref());
        }
        String path = names.other("group " + name, name, "group");
        return paths.isEmpty()
                ? null
                : new Thing(name, path, null, "group " + path + " = " + String.join(", ", paths), null, null);
    }

    /** The word before the members whose state a group's state is: any, all, or empty if there is none. */
    String quantifier(String group) {
        Item item = items.get(group);
        String type = item == null ? "" : item.type();
        return type.contains(":OR(ON,") || type.contains(":OR(OPEN,")
                ? "any"
                : type.contains(":AND(ON,") || type.contains(":AND(OPEN,") ? "all" : "";
    }

    /** The thing that an item is here; null if nobody knows. */
    @Nullable
    Thing thing(String name) {
        Item item = items.get(name);
        if (item != null && !item.bound() && !isGroup(name)) {
            return switch (item.type().replaceFirst(":.*", "")) {
                case "Switch" -> names.onOff(name, name, "item");
                case "Number", "Dimmer" -> names.number(name, name, "item");
                case "String" -> names.text(name, name, "item");
                default -> names.device(name, name, "item", "");
            };
        }
        return names.device(name, name, "item", item == null ? usedAs(name) : kind(name, item.type()));
    }

    private String kind(String name, String type) {
        String contact = Kinds.contact(name);
        return switch (type.replaceFirst(":.*", "")) {
            case "Switch" ->
                Set.of("motion", "smoke", "leak").contains(contact) && !commanded(name) ? contact : "switch";
            case "Dimmer" -> "dimmer";
            case "Color" -> "light";
            case "Contact" -> contact.equals("switch") ? "contact" : contact;
            case "Rollershutter" -> "cover";
            case "Number" -> number(name, type);
            default -> "";
        };
    }

    private String number(String name, String type) {
        if (isSetpoint(name) || commanded(name)) {
            return isSetpoint(name) ? "thermostat" : "";
        }
        String found = Kinds.sensor(name);
        if (!found.isEmpty()) {
            return found;
        }
        return switch (type.replaceFirst(".*:", "")) {
            case "Temperature" -> "thermometer";
            case "Power" -> "meter";
            case "Energy" -> "energy";
            case "Illuminance" -> "lux";
            default -> "";
        };
    }

    private static boolean isSetpoint(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*(setpoint|target|soll).*");
    }

    private boolean commanded(String name) {
        return uses.getOrDefault(name, Set.of()).contains("command");
    }

    private String usedAs(String name) {
        Set<String> how = uses.getOrDefault(name, Set.of());
        if (how.contains("UP") || how.contains("DOWN")) {
            return "cover";
        }
        if (how.contains("OPEN") || how.contains("CLOSED")) {
            String contact = Kinds.contact(name);
            return contact.equals("switch") ? "contact" : contact;
        }
        if (how.contains("ON") || how.contains("OFF")) {
            String contact = Kinds.contact(name);
            boolean reports =
                    !commanded(name) && Set.of("motion", "smoke", "leak").contains(contact);
            return how.contains("percent") ? "dimmer" : reports ? contact : "switch";
        }
        if (how.contains("percent")) {
            return isSetpoint(name) ? "thermostat" : "";
        }
        return Kinds.sensor(name);
    }
}
