package org.fieldhouse.api.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one device as its owner wrote them, read with types. Every failed read names file, line, column and the cure.
 * It remembers which keys were read, so that a misspelt one is found ({@link #unread}). Not thread-safe.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|h|d)");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 1e-3, "s", 1.0, "min", 60.0, "h", 3600.0, "d", 86_400.0);

    private final Map<String, Object> values;
    private final String path;
    private final Function<String, SourceSpan> places;
    private final Function<String, Optional<Secret>> secrets;
    private final Set<String> read = new HashSet<>();
    private final List<Settings> children = new ArrayList<>();
    private @Nullable List<String> unreadElsewhere;

    /**
     * @param values String, Boolean, Long, Double, List or Map of these
     * @param places the place of a key path ({@code a.b[2].c}; empty for the whole)
     * @param secrets finds a stored secret by name
     */
    public Settings(
            Map<String, Object> values,
            Function<String, SourceSpan> places,
            Function<String, Optional<Secret>> secrets) {
        this(values, "", places, secrets);
    }

    private Settings(
            Map<String, Object> values,
            String path,
            Function<String, SourceSpan> places,
            Function<String, Optional<Secret>> secrets) {
        this.values = Map.copyOf(values);
        this.path = path;
        this.places = places;
        this.secrets = secrets;
    }

    /** Settings without a file, for tests and for devices that another device made. */
    public static Settings of(Map<String, Object> values) {
        return new Settings(values, key -> SourceSpan.file("(settings)"), name -> Optional.empty());
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The keys as written, in no order. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Required text; a number or a boolean is taken as it is written. */
    public String text(String key) throws SettingsException {
        Object value = require(key, "text");
        if (value instanceof Map || value instanceof List) {
            throw problem(key, "'" + key + "' is a text, not a list or a map");
        }
        return value.toString();
    }

    public String text(String key, String fallback) throws SettingsException {
        return has(key) ? text(key) : touch(key, fallback);
    }

    /** Required whole number within bounds, both inclusive. */
    public long integer(String key, long min, long max) throws SettingsException {
        Object value = require(key, "a whole number");
        if (!(value instanceof Long number)) {
            throw problem(key, "'" + key + "' is a whole number, not '" + value + "'");
        }
        if (number < min || number > max) {
            throw problem(key, "'" + key + "' is " + min + " to " + max + ", not " + number);
        }
        return number;
    }

    public long integer(String key, long min, long max, long fallback) throws SettingsException {
        return has(key) ? integer(key, min, max) : touch(key, fallback);
    }

    /** Required number within bounds, both inclusive. */
    public double number(String key, double min, double max) throws SettingsException {
        Object value = require(key, "a number");
        if (!(value instanceof Number number)) {
            throw problem(key, "'" + key + "' is a number, not '" + value + "'");
        }
        if (number.doubleValue() < min || number.doubleValue() > max) {
            throw problem(key, "'" + key + "' is " + min + " to " + max + ", not " + number);
        }
        return number.doubleValue();
    }

    public double number(String key, double min, double max, double fallback) throws SettingsException {
        return has(key) ? number(key, min, max) : touch(key, fallback);
    }

    public boolean flag(String key, boolean fallback) throws SettingsException {
        Object value = values.get(key);
        read.add(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof Boolean flag)) {
            throw problem(key, "'" + key + "' is true or false, not '" + value + "'");
        }
        return flag;
    }

    /** Required duration written with its unit: {@code 500 ms}, {@code 30 s}, {@code 5 min}, {@code 2 h}, {@code 7 d}. */
    public Duration duration(String key) throws SettingsException {
        String text = text(key);
        Matcher m = DURATION.matcher(text.strip());
        if (!m.matches()) {
            throw problem(key, "'" + key + "' is a duration with its unit, such as 30 s or 5 min, not '" + text + "'");
        }
        double seconds = Double.parseDouble(m.group(1)) * SECONDS.getOrDefault(m.group(2), 1.0);
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    public Duration duration(String key, Duration fallback) throws SettingsException {
        return has(key) ? duration(key) : touch(key, fallback);
    }

    /** One of the constants of an enum, written in lower case with hyphens. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) throws SettingsException {
        if (!has(key)) {
            return touch(key, fallback);
        }
        String text = text(key);
        List<String> allowed = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String spelled = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            allowed.add(spelled);
            if (spelled.equals(text)) {
                return constant;
            }
        }
        throw problem(key, "'" + key + "' is one of " + String.join(", ", allowed) + ", not '" + text + "'");
    }

    /** A secret: {@code ${secret:NAME}} from the store, {@code ${env:NAME}} from the environment, else the text itself. */
    public Optional<Secret> secret(String key) throws SettingsException {
        if (!has(key)) {
            return touch(key, Optional.empty());
        }
        String text = text(key);
        if (text.startsWith("${") && text.endsWith("}")) {
            Optional<Secret> found = lookUp(text);
            if (found.isEmpty()) {
                throw problem(key, "there is no secret " + text + "; use ${secret:NAME} or ${env:NAME}");
            }
            return found;
        }
        return Optional.of(new Secret(text));
    }

    private Optional<Secret> lookUp(String text) {
        String name = text.substring(text.indexOf(':') + 1, text.length() - 1);
        if (text.startsWith("${secret:")) {
            return secrets.apply(name);
        }
        return text.startsWith("${env:")
                ? Optional.ofNullable(System.getenv(name)).map(Secret::new)
                : Optional.empty();
    }

    /** A list of texts; empty if the key is absent. */
    public List<String> texts(String key) throws SettingsException {
        List<String> out = new ArrayList<>();
        for (Object item : list(key)) {
            if (item instanceof Map || item instanceof List) {
                throw problem(key, "'" + key + "' is a list of texts");
            }
            out.add(item.toString());
        }
        return out;
    }

    /** A list of maps; empty if the key is absent. */
    public List<Settings> sections(String key) throws SettingsException {
        List<Settings> out = new ArrayList<>();
        List<?> items = list(key);
        for (int i = 0; i < items.size(); i++) {
            out.add(child(items.get(i), key + "[" + i + "]", key));
        }
        return out;
    }

    /** A map; one without entries if the key is absent. */
    public Settings section(String key) throws SettingsException {
        read.add(key);
        return child(values.getOrDefault(key, Map.of()), key, key);
    }

    private Settings child(Object item, String suffix, String key) throws SettingsException {
        if (!(item instanceof Map<?, ?> map)) {
            throw problem(key, "'" + suffix + "' is a map of keys and values, not '" + item + "'");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> typed = (Map<String, Object>) map;
        Settings child = new Settings(typed, path.isEmpty() ? suffix : path + "." + suffix, places, secrets);
        children.add(child);
        return child;
    }

    private List<?> list(String key) throws SettingsException {
        read.add(key);
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw problem(key, "'" + key + "' is a list (lines that start with '- ')");
        }
        return items;
    }

    /** Everything as written; nothing counts as read. For whoever has it read elsewhere, see {@link #readElsewhere}. */
    public Map<String, Object> written() {
        return values;
    }

    /** The secrets that the values name, by the text that names them; what cannot be found is left out. Nothing counts as read. */
    public Map<String, Secret> namedSecrets() {
        Map<String, Secret> found = new HashMap<>();
        collect(values, found);
        return found;
    }

    private void collect(Object value, Map<String, Secret> found) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(v -> collect(v, found));
        } else if (value instanceof List<?> list) {
            list.forEach(v -> collect(v, found));
        } else if (value instanceof String text && text.startsWith("${") && text.endsWith("}")) {
            lookUp(text).ifPresent(secret -> found.put(text, secret));
        }
    }

    /** Says what a reader of {@link #written} has not read, and which keys it knows; in place of what was read here. */
    public void readElsewhere(List<String> unreadPaths, Set<String> knownKeys) {
        unreadElsewhere = List.copyOf(unreadPaths);
        read.addAll(knownKeys);
    }

    /** Paths of keys that nobody read, here and in the sections that were opened: misspelt or meant for something else. */
    public List<String> unread() {
        if (unreadElsewhere != null) {
            return unreadElsewhere;
        }
        List<String> out = new ArrayList<>();
        for (String key : values.keySet()) {
            if (!read.contains(key)) {
                out.add(path.isEmpty() ? key : path + "." + key);
            }
        }
        children.forEach(c -> out.addAll(c.unread()));
        return out;
    }

    /** Paths of the keys that were asked for, here and in the sections that were opened, for suggestions. */
    public Set<String> known() {
        Set<String> out = new HashSet<>();
        read.forEach(key -> out.add(path.isEmpty() ? key : path + "." + key));
        children.forEach(c -> out.addAll(c.known()));
        return out;
    }

    /** The place of a key, or of the whole if the key is absent. */
    public SourceSpan place(String key) {
        String full = path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
        return places.apply(full);
    }

    /** An exception that names the place of a key. */
    public SettingsException problem(String key, String message) {
        return new SettingsException(place(key), message);
    }

    private Object require(String key, String what) throws SettingsException {
        read.add(key);
        @Nullable Object value = values.get(key);
        if (value == null) {
            throw problem("", "'" + (path.isEmpty() ? key : path + "." + key) + "' is missing; it is " + what);
        }
        return value;
    }

    private <T> T touch(String key, T fallback) {
        read.add(key);
        return fallback;
    }
}
