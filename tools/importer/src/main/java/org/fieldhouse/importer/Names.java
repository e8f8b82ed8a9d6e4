package org.fieldhouse.importer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.jspecify.annotations.Nullable;

/**
 * From the ids of elsewhere to names of here. The first word of an id is the place, the others are the device: {@code
 * light.hall_ceiling} is {@code Hall.Ceiling}. Of two ids that would give the same name the second one gets the word of its kind
 * behind it. What the map says goes first.
 */
final class Names {
    private final HouseModel house;
    private final NameMap map;
    private final Kinds kinds;
    private final Map<String, Thing> things = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    Names(HouseModel house, NameMap map, Kinds kinds) {
        this.house = house;
        this.map = map;
        this.kinds = kinds;
    }

    /** What the importer has made of an id before; null if it has not met it. */
    @Nullable
    Thing known(String id) {
        return things.get(id);
    }

    /**
     * A device.
     *
     * @param words the id without its domain
     * @param domain what is put behind a name that is taken
     * @param kind what it is unless the map or the house says otherwise; empty if nobody knows
     * @return null if nobody knows what it is
     */
    @Nullable
    Thing device(String id, String words, String domain, String kind) {
        Thing before = things.get(id);
        if (before != null) {
            return before;
        }
        NameMap.Entry entry = map.get(id);
        String path = entry != null ? entry.path() : free(path(words), domain);
        Optional<DeviceDescription> present = house.named(plain(path)).map(DeviceInfo::description);
        boolean energy = kind.equals("energy");
        String wanted = entry != null && !entry.kind().isEmpty() ? entry.kind() : energy ? "meter" : kind;
        DeviceDescription description =
                present.or(() -> kinds.description(wanted)).orElse(null);
        if (description == null) {
            return null;
        }
        String member = entry != null && !entry.member().isEmpty() ? entry.member() : null;
        if (member == null && energy && description.point("energy").isPresent()) {
            member = "energy";
        }
        String declaration = present.isPresent() ? null : "expect " + path + ": " + wanted;
        return remember(new Thing(id, path, member, declaration, description, null));
    }

    /** Whether the map or the house knows what this id is. */
    boolean isGiven(String id, String words) {
        NameMap.Entry entry = map.get(id);
        return entry != null
                        && (!entry.kind().isEmpty()
                                || house.named(plain(entry.path())).isPresent())
                || entry == null && house.named(plain(path(words))).isPresent();
    }

    /** A variable that begins with this value, as it is written; the map may say that it is a device. */
    Thing variable(String id, String words, String domain, String first, ValueSpec spec) {
        Thing before = things.get(id);
        if (before != null) {
            return before;
        }
        NameMap.Entry entry = map.get(id);
        if (entry != null
                && (!entry.kind().isEmpty() || house.named(plain(entry.path())).isPresent())) {
            Thing device = device(id, words, domain, entry.kind());
            if (device != null) {
                return device;
            }
        }
        String path = entry != null ? entry.path() : free(path(words), domain);
        return remember(new Thing(id, path, null, "variable " + path + " = " + first, null, spec));
    }

    Thing onOff(String id, String words, String domain) {
        return variable(id, words, domain, "off", ValueSpec.ON_OFF);
    }

    Thing number(String id, String words, String domain) {
        return variable(id, words, domain, "0", ValueSpec.quantity(Unit.ONE));
    }

    Thing text(String id, String words, String domain) {
        return variable(id, words, domain, "\"\"", ValueSpec.TEXT);
    }

    /** A name that is no device: of a scene, a group or somebody to tell. */
    String other(String id, String words, String domain) {
        Thing before = things.get(id);
        if (before != null) {
            return before.path();
        }
        NameMap.Entry entry = map.get(id);
        String path = entry != null ? entry.path() : free(path(words), domain);
        remember(new Thing(id, path, null, null, null, null));
        return path;
    }

    /** The event of a button that the map gives an id; empty if it says nothing. */
    Optional<NameMap.Entry> given(String id) {
        return Optional.ofNullable(map.get(id));
    }

    private Thing remember(Thing thing) {
        things.put(thing.id(), thing);
        taken.add(thing.path());
        return thing;
    }

    private String free(String path, String domain) {
        if (!taken.contains(path)) {
            return path;
        }
        String longer = domain.isEmpty() ? path : path + "." + segment(domain);
        String free = longer;
        for (int i = 2; taken.contains(free); i++) {
            free = longer + i;
        }
        return free;
    }

    /** {@code hall_ceiling_lamp} and {@code Hall_CeilingLamp} are {@code Hall.CeilingLamp}; one word is the whole name. */
    static String path(String words) {
        String[] all = words.strip().split("[^\\p{L}\\p{N}]+");
        StringBuilder first = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        for (String word : all) {
            if (word.isEmpty()) {
                continue;
            }
            StringBuilder to = first.length() == 0 ? first : rest;
            to.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        if (first.length() == 0) {
            return "`" + words.replaceAll("[`\\p{Cntrl}]", " ") + " `";
        }
        return quoted(first) + (rest.length() == 0 ? "" : "." + quoted(rest));
    }

    private static String segment(String domain) {
        StringBuilder out = new StringBuilder();
        for (String word : domain.split("_")) {
            out.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return quoted(out);
    }

    private static String quoted(CharSequence segment) {
        boolean plain = segment.toString().matches("[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*");
        return plain ? segment.toString() : "`" + segment + "`";
    }

    /** How the house knows a name that is written with back-quotes. */
    private static String plain(String path) {
        return path.replace("`", "");
    }
}
