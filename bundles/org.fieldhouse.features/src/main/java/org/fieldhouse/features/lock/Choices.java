package org.fieldhouse.features.lock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the administrator has decided of processes, by the names of features, installed or not: so it holds for what comes, whichever
 * door it comes by. In a lock:
 *
 * <pre>
 * choice acme 128
 * choice trusted house
 * choice * 0
 * </pre>
 *
 * @param heaps name to the heap of its process, MiB; 0 if none was said, {@link #HOUSE} for the house's own process
 */
public record Choices(Map<String, Integer> heaps) {
    /** All features that somebody asked for and that did not come with the distribution. */
    public static final String ALL = "*";
    /** In place of a heap: not in a process of its own, although {@link #ALL} are. */
    public static final int HOUSE = -1;

    public static final Choices NONE = new Choices(Map.of());

    static final String WORD = "choice";
    private static final String HOUSE_WORD = "house";

    public Choices {
        heaps = Map.copyOf(heaps);
    }

    /** What was isolated by the administrator in a lock without choices. */
    static Choices of(List<Isolated> isolated) {
        Map<String, Integer> heaps = new LinkedHashMap<>();
        isolated.stream().filter(Isolated::isForced).forEach(i -> heaps.put(i.feature(), i.said()));
        return new Choices(heaps);
    }

    /** Those that can be read in the text of a lock that as a whole cannot be. */
    public static Choices readable(String lock) {
        Choices choices = NONE;
        for (String line : lock.lines().toList()) {
            if (line.matches(WORD + " \\S+ (\\d{1,5}|" + HOUSE_WORD + ")")) {
                choices = choices.and(line.split(" ", -1));
            }
        }
        return choices;
    }

    public boolean isEmpty() {
        return heaps.isEmpty();
    }

    /**
     * The heap of the process that a feature is to have, MiB, 0 if none was said; empty if it need not have one.
     *
     * @param isMeantByAll whether {@link #ALL} has it as well
     */
    public Optional<Integer> heap(String feature, boolean isMeantByAll) {
        Integer own = heaps.get(feature);
        Integer heap = own == null && isMeantByAll ? heaps.get(ALL) : own;
        return heap == null || heap == HOUSE ? Optional.empty() : Optional.of(heap);
    }

    public boolean isKnown(String feature) {
        return heaps.containsKey(feature);
    }

    /** In a process of its own. @param heap MiB, 0 if it is not said */
    public Choices isolate(String feature, int heap) {
        return with(feature, heap);
    }

    /** Takes {@link #isolate} back; where {@link #ALL} are isolated, this one is not from now on. Without {@link #ALL} no exceptions from it stay. */
    public Choices release(String feature) {
        Map<String, Integer> fewer = new LinkedHashMap<>(heaps);
        fewer.remove(feature);
        if (feature.equals(ALL)) {
            fewer.values().removeIf(heap -> heap == HOUSE);
        } else if (fewer.containsKey(ALL)) {
            fewer.put(feature, HOUSE);
        }
        return new Choices(fewer);
    }

    /** All that one of the two wants isolated: of two heaps the other's. */
    public Choices strictest(Choices other) {
        Map<String, Integer> both = new LinkedHashMap<>(heaps);
        other.heaps.forEach((name, heap) -> {
            if (heap == HOUSE) {
                both.putIfAbsent(name, heap);
            } else {
                both.put(name, heap);
            }
        });
        return new Choices(both);
    }

    private Choices with(String feature, int heap) {
        Map<String, Integer> more = new LinkedHashMap<>(heaps);
        more.put(feature, heap);
        return new Choices(more);
    }

    /** With that of a line. */
    Choices and(String[] words) {
        return with(words[1], words[2].equals(HOUSE_WORD) ? HOUSE : Integer.parseInt(words[2]));
    }

    /** For people: {@code 128m}, {@code a process}, {@code the house}; empty if there is no choice. */
    public String words(String feature) {
        Integer heap = heaps.get(feature);
        return heap == null ? "" : heap == HOUSE ? "the house" : heap == 0 ? "a process" : "a process of " + heap + "m";
    }

    /** The lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(heaps).forEach((name, heap) -> text.append(WORD)
                .append(' ')
                .append(name)
                .append(' ')
                .append(heap == HOUSE ? HOUSE_WORD : Integer.toString(heap))
                .append('\n'));
        return text.toString();
    }
}
