package org.fieldhouse.features.lock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.features.lock.Lock.Found;

/**
 * A feature that runs in a process of its own, with the bundles that are in it. In a lock:
 *
 * <pre>
 * isolated acme 64 asked
 * inside own 7 SHA256 org.example.acme 1.2.0 store
 * inside lent 6 SHA256 org.fieldhouse.serial 0.1.0 repository/…/x.jar
 * </pre>
 *
 * @param heap of the process, MiB
 * @param by who wants it so: {@link #ASKED}, the feature; {@link #FORCED}, the administrator; or {@code forced=MiB} if a heap was said
 * @param own the feature's bundles, whose bindings are brought into the house
 * @param lent what it requires and is in its process for that
 */
public record Isolated(String feature, int heap, String by, List<Pin> own, List<Pin> lent) {
    /** The feature that runs processes; it comes with the first that is isolated. */
    public static final String FEATURE = "isolation";

    static final String ASKED = "asked";
    static final String FORCED = "forced";

    private static final int DEFAULT_HEAP = 64;
    /** What the distribution has and bindings use; the rest of it stays outside. */
    private static final Set<String> LENDABLE = Set.of("serial");

    public Isolated {
        own = List.copyOf(own);
        lent = List.copyOf(lent);
    }

    boolean isForced() {
        return by.startsWith(FORCED);
    }

    /** The heap that the administrator said, MiB; 0 for none. */
    int said() {
        return by.startsWith(FORCED + '=') ? Integer.parseInt(by.substring(FORCED.length() + 1)) : 0;
    }

    /** What is lent, then what is its own. */
    public List<Pin> bundles() {
        List<Pin> all = new ArrayList<>(lent);
        all.addAll(own);
        return all;
    }

    /** Features in two parts. @param outside what the house's framework has, in the order of requirements */
    record Division(List<Found> outside, List<Isolated> isolated) {}

    /**
     * Says which features run where. One that the distribution has and an isolated one requires runs outside; another that only
     * isolated ones require runs in their processes, and nowhere else.
     */
    static Division divide(Map<String, Found> all, Set<String> roots, Map<String, Integer> forced)
            throws MissingException {
        Set<String> outside = new LinkedHashSet<>();
        for (String root : roots) {
            outside(root, "", all, forced, outside, new LinkedHashSet<>());
        }
        outside(FEATURE, "what is isolated", all, forced, outside, new LinkedHashSet<>());
        List<Found> house = new ArrayList<>();
        List<Isolated> isolated = new ArrayList<>();
        for (Map.Entry<String, Found> each : all.entrySet()) {
            Found found = each.getValue();
            if (isIsolated(found, forced)) {
                isolated.add(of(found, all, forced));
            } else if (outside.contains(each.getKey())) {
                house.add(found);
            }
        }
        return new Division(house, isolated);
    }

    private static boolean isIsolated(Found found, Map<String, Integer> forced) {
        return found.list().isolated() > 0 || forced.containsKey(found.entry().name());
    }

    private static void outside(
            String name,
            String by,
            Map<String, Found> all,
            Map<String, Integer> forced,
            Set<String> outside,
            Set<String> seen)
            throws MissingException {
        Found found = all.get(name);
        if (found == null) {
            return;
        }
        boolean isolated = isIsolated(found, forced);
        if (isolated && !by.isEmpty()) {
            throw new MissingException(
                    name, by, by + " requires " + name + ", which is isolated: only bindings come out of its process");
        }
        if (!seen.add(name)) {
            return;
        }
        if (!isolated) {
            outside.add(name);
        }
        for (String required : names(found)) {
            Found needed = all.get(required);
            if (!isolated) {
                outside(required, name, all, forced, outside, seen);
            } else if (needed != null && needed.entry().isShipped()) {
                outside(required, "", all, forced, outside, seen);
            }
        }
    }

    private static List<String> names(Found found) {
        return found.list().requires().stream().map(r -> r.split(" ", 2)[0]).toList();
    }

    private static Isolated of(Found found, Map<String, Found> all, Map<String, Integer> forced)
            throws MissingException {
        Map<String, Found> needed = new LinkedHashMap<>();
        inside(found, all, needed);
        Integer said = forced.get(found.entry().name());
        int asked = found.list().isolated() > 0 ? found.list().isolated() : DEFAULT_HEAP;
        return new Isolated(
                found.entry().name(),
                said == null || said == 0 ? asked : said,
                said == null ? ASKED : said == 0 ? FORCED : FORCED + '=' + said,
                found.list().bundles(),
                Lock.together(needed.values()));
    }

    /** What a feature would have in its process beside its own bundles. */
    public static List<Pin> needed(String feature, Map<String, Found> all) throws IOException {
        Map<String, Found> needed = new LinkedHashMap<>();
        Found found = all.get(feature);
        try {
            if (found != null) {
                inside(found, all, needed);
            }
            return Lock.together(needed.values());
        } catch (MissingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What is required stands before what requires it. */
    private static void inside(Found found, Map<String, Found> all, Map<String, Found> needed) {
        for (String required : names(found)) {
            Found other = all.get(required);
            if (other != null && (!other.entry().isShipped() || LENDABLE.contains(required))) {
                inside(other, all, needed);
                needed.put(required, other);
            }
        }
    }

    static Isolated parse(String[] words) {
        return new Isolated(words[1], Integer.parseInt(words[2]), words[3], List.of(), List.of());
    }

    /** With the bundle of a line. */
    Isolated with(String[] words) {
        boolean isOwn = words[1].equals("own");
        Pin pin = Pin.parse(List.of(words).subList(1, words.length).toArray(new String[0]));
        List<Pin> more = new ArrayList<>(isOwn ? own : lent);
        more.add(pin);
        return new Isolated(feature, heap, by, isOwn ? more : own, isOwn ? lent : more);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("isolated " + feature + ' ' + heap + ' ' + by + '\n');
        lent.forEach(pin -> text.append(pin.toString().replaceFirst("bundle", "inside lent"))
                .append('\n'));
        own.forEach(pin ->
                text.append(pin.toString().replaceFirst("bundle", "inside own")).append('\n'));
        return text.toString();
    }
}
