package org.fieldhouse.features.lock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.osgi.framework.Version;

/**
 * Everything that is installed, pinned: what the launcher starts. A lock is made of the wanted features by {@link #of} and never
 * mended piece by piece.
 *
 * @param chosen features that the start named (arguments, file {@code features}, default) when the lock was made
 * @param features in the order of their requirements: what is required stands before what requires it
 * @param bundles of all features, each symbolic name once, in the order of the features
 * @param configs default configurations, in the order of the features
 * @param isolated what runs in processes of its own, and not among {@code bundles}
 * @param choices what the administrator has decided of processes
 */
public record Lock(
        List<String> chosen,
        List<Entry> features,
        List<Pin> bundles,
        List<FeatureList.Config> configs,
        List<Isolated> isolated,
        Choices choices) {
    private static final String HEAD = "fieldhouse-lock 1";

    public static final Lock EMPTY = new Lock(List.of(), List.of(), List.of(), List.of(), List.of(), Choices.NONE);
    /** The origin of a feature that the distribution has. */
    public static final String SHIPPED = "distribution";

    public Lock {
        chosen = List.copyOf(chosen);
        features = List.copyOf(features);
        bundles = List.copyOf(bundles);
        configs = List.copyOf(configs);
        isolated = List.copyOf(isolated);
    }

    /**
     * An installed feature.
     *
     * @param requested somebody asked for it; else it is there because others require it
     * @param list SHA-256 of its {@link FeatureList} in the store, or {@link #SHIPPED}
     * @param artefact SHA-256 of what was handed in; {@code -} for the distribution's
     * @param source where it came from, for people
     */
    public record Entry(String name, String version, boolean requested, String list, String artefact, String source) {
        public boolean isShipped() {
            return list.equals(SHIPPED);
        }

        static Entry parse(String line) {
            String[] words = line.split(" ", 7);
            return new Entry(words[1], words[2], words[3].equals("requested"), words[4], words[5], words[6]);
        }

        /** Its description, from the distribution or from the store. */
        public FeatureList list(Places places) throws IOException {
            if (isShipped()) {
                return places.shipped(name)
                        .orElseThrow(() -> new IOException("feature " + name + " is not in the distribution"));
            }
            return FeatureList.parse(Files.readString(places.stored(list, ".list"), StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "feature " + name + ' ' + version + ' ' + (requested ? "requested" : "required") + ' ' + list + ' '
                    + artefact + ' ' + source;
        }
    }

    /** Finds the entry, with its list, of a feature by its name. */
    public interface Finder {
        Optional<Found> find(String name) throws IOException;
    }

    /** A feature that can be part of a lock; whether the entry is {@code requested} does not matter here. */
    public record Found(Entry entry, FeatureList list) {}

    /**
     * Puts features and all that they require together.
     *
     * @param roots names of those that are requested
     * @throws MissingException if a feature is not found or versions do not fit
     */
    public static Lock of(List<String> chosen, Set<String> roots, Finder finder) throws IOException, MissingException {
        return of(chosen, roots, Choices.NONE, finder);
    }

    /**
     * Puts features and all that they require together.
     *
     * @param roots names of those that are requested
     * @param choices what the administrator wants isolated, whether it asks for that or not
     * @throws MissingException if a feature is not found or versions do not fit
     */
    public static Lock of(List<String> chosen, Set<String> roots, Choices choices, Finder finder)
            throws IOException, MissingException {
        Map<String, Found> all = new LinkedHashMap<>();
        for (String root : roots) {
            add(root, "", finder, all, new LinkedHashSet<>());
        }
        Isolated.Division division = Isolated.divide(all, roots, forced(all, roots, choices));
        if (!division.isolated().isEmpty()) {
            add(Isolated.FEATURE, "", finder, all, new LinkedHashSet<>());
            division = Isolated.divide(all, roots, forced(all, roots, choices));
        }
        List<Pin> bundles = together(division.outside());
        List<Entry> entries = new ArrayList<>();
        List<FeatureList.Config> configs = new ArrayList<>();
        all.forEach((name, found) -> {
            Entry e = found.entry;
            entries.add(new Entry(e.name, e.version, roots.contains(name), e.list, e.artefact, e.source));
            configs.addAll(found.list.configs());
        });
        return new Lock(chosen, entries, bundles, configs, division.isolated(), choices);
    }

    /** What is isolated whether it asks for it or not, with its heap in MiB, 0 if nobody said. */
    private static Map<String, Integer> forced(Map<String, Found> all, Set<String> roots, Choices choices) {
        Map<String, Integer> forced = new LinkedHashMap<>();
        all.forEach((name, found) -> choices.heap(name, roots.contains(name) && !found.entry.isShipped())
                .ifPresent(heap -> forced.put(name, heap)));
        return forced;
    }

    /** The bundles of features, each symbolic name once. */
    static List<Pin> together(Iterable<Found> features) throws MissingException {
        Map<String, Pin> bundles = new LinkedHashMap<>();
        Set<String> alone = new LinkedHashSet<>();
        for (Found found : features) {
            for (Pin pin : found.list.bundles()) {
                Pin known = bundles.get(pin.name());
                if (known == null) {
                    bundles.put(pin.name(), pin);
                } else {
                    bundles.put(pin.name(), stronger(known, alone.contains(pin.name()), pin, found.list.isBundle()));
                }
                if (found.list.isBundle()) {
                    alone.add(pin.name());
                }
            }
        }
        return List.copyOf(bundles.values());
    }

    private static void add(String wanted, String by, Finder finder, Map<String, Found> all, Set<String> path)
            throws IOException, MissingException {
        int blank = wanted.indexOf(' ');
        String name = blank < 0 ? wanted : wanted.substring(0, blank);
        String range = blank < 0 ? "" : wanted.substring(blank + 1).strip();
        if (!path.add(name)) {
            throw new MissingException(
                    name, by, "features require each other: " + String.join(" → ", path) + " → " + name);
        }
        Found found = all.get(name);
        if (found == null) {
            found = finder.find(name).orElseThrow(() -> new MissingException(name, by, "there is no feature " + name));
            for (String required : found.list.requires()) {
                add(required, name, finder, all, path);
            }
            all.put(name, found);
        }
        if (!Versions.within(found.entry.version, range)) {
            throw new MissingException(
                    name, by, by + " requires " + name + ' ' + range + ", there is " + found.entry.version);
        }
        path.remove(name);
    }

    /** A bundle that somebody installed alone is meant to replace that of a feature; else the higher version serves both. */
    private static Pin stronger(Pin known, boolean knownAlone, Pin other, boolean otherAlone) throws MissingException {
        int level = Math.min(known.level(), other.level());
        if (knownAlone != otherAlone) {
            return (knownAlone ? known : other).atLevel(level);
        }
        Version a = Version.parseVersion(known.version());
        Version b = Version.parseVersion(other.version());
        if (a.getMajor() != b.getMajor()) {
            throw new MissingException(
                    known.name(),
                    "",
                    "versions " + a + " and " + b + " of bundle " + known.name()
                            + " are wanted at once; a change of the first number says that they do not fit together");
        }
        return (b.compareTo(a) > 0 ? other : known).atLevel(level);
    }

    /**
     * The lock for a start.
     *
     * @param before the lock of the last generation, or {@link #EMPTY}
     * @param now features that this start names; what changed in them since the lock was made is added and taken away, and what was
     *     installed or removed meanwhile stays so
     */
    public static Lock forStart(Lock before, List<String> now, Places places) throws IOException, MissingException {
        Set<String> roots = new LinkedHashSet<>();
        Predicate<String> gone = name -> before.chosen.contains(name) && !now.contains(name);
        before.features.stream()
                .filter(Entry::requested)
                .filter(entry -> !places.isGoneFromDeploy(entry.source))
                .map(Entry::name)
                .filter(gone.negate())
                .forEach(roots::add);
        now.stream().filter(name -> !before.chosen.contains(name)).forEach(roots::add);
        return of(now, roots, before.choices, name -> before.find(name, places));
    }

    /** What is installed under the name, unless the distribution has a newer one; else the distribution's. */
    public Optional<Found> find(String name, Places places) throws IOException {
        Optional<FeatureList> shipped = places.shipped(name);
        Optional<Entry> installed = entry(name).filter(e -> !e.isShipped());
        if (installed.isPresent()
                && (shipped.isEmpty() || Versions.compare(shipped.get().version(), installed.get().version) <= 0)) {
            return Optional.of(new Found(installed.get(), installed.get().list(places)));
        }
        return shipped.map(list -> new Found(shippedEntry(list), list));
    }

    /** The entry for a feature of the distribution. */
    public static Entry shippedEntry(FeatureList list) {
        return new Entry(list.name(), list.version(), true, SHIPPED, "-", SHIPPED);
    }

    public Optional<Entry> entry(String name) {
        return features.stream().filter(e -> e.name.equals(name)).findFirst();
    }

    /** The same without some of the features; what it is made of belongs to it until the next lock is made of it. */
    public Lock without(Set<String> names) {
        List<Entry> left =
                features.stream().filter(e -> !names.contains(e.name)).toList();
        return new Lock(chosen, left, bundles, configs, isolated, choices);
    }

    /** The same with other choices, which are in force when the next lock is made of it. */
    public Lock with(Choices others) {
        return new Lock(chosen, features, bundles, configs, isolated, others);
    }

    public Optional<Isolated> isolated(String feature) {
        return isolated.stream().filter(i -> i.feature().equals(feature)).findFirst();
    }

    /** Those of the house, then those of the processes. */
    public List<Pin> everyBundle() {
        List<Pin> every = new ArrayList<>(bundles);
        isolated.forEach(i -> every.addAll(i.bundles()));
        return every;
    }

    public Optional<Pin> bundle(String name) {
        return bundles.stream().filter(b -> b.name().equals(name)).findFirst();
    }

    /** @throws IOException if it is none, with the line: a lock is written by the runtime alone, so this one is damaged */
    public static Lock parse(String text) throws IOException {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            throw new IOException("not a lock of this version: " + (lines.isEmpty() ? "empty" : lines.get(0)));
        }
        List<String> chosen = List.of();
        List<Entry> features = new ArrayList<>();
        List<Pin> bundles = new ArrayList<>();
        List<FeatureList.Config> configs = new ArrayList<>();
        List<Isolated> isolated = new ArrayList<>();
        Choices choices = Choices.NONE;
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            try {
                switch (words[0]) {
                    case "chosen" -> chosen = List.of(words).subList(1, words.length);
                    case "feature" -> features.add(Entry.parse(line));
                    case "bundle" -> bundles.add(Pin.parse(words));
                    case "config" -> configs.add(new FeatureList.Config(words[1], words[2]));
                    case "isolated" -> isolated.add(Isolated.parse(words));
                    case "inside" ->
                        isolated.add(isolated.remove(isolated.size() - 1).with(words));
                    case Choices.WORD -> choices = choices.and(words);
                    default -> throw new IllegalArgumentException("unknown word");
                }
            } catch (RuntimeException e) {
                throw new IOException("not a line of a lock: " + line, e);
            }
        }
        if (choices.isEmpty()) {
            choices = Choices.of(isolated); // of a lock from before choices had lines
        }
        return new Lock(chosen, features, bundles, configs, isolated, choices);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        if (!chosen.isEmpty()) {
            text.append("chosen ").append(String.join(" ", chosen)).append('\n');
        }
        features.forEach(e -> text.append(e).append('\n'));
        bundles.forEach(b -> text.append(b).append('\n'));
        configs.forEach(c -> text.append(c).append('\n'));
        isolated.forEach(text::append);
        text.append(choices);
        return text.toString();
    }
}
