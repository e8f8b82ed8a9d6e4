package org.fieldhouse.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code [--home DIR] [--features NAME,NAME…] [--without NAME,NAME…]}, with the first two also as system properties {@code fieldhouse.home} and
 * {@code fieldhouse.features}, then the environment (FIELDHOUSE_HOME, FIELDHOUSE_FEATURES), then the default.
 *
 * @param named what {@code --features} or its property said, or null: then the file {@code features} decides
 * @param without what is taken away before anything is started
 */
record Arguments(Path home, @Nullable String named, List<String> without) {
    private static final String DEFAULT_FEATURES = "core,rules,mqtt,shell";

    static Arguments parse(String... arguments) throws StartException {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (!List.of("--home", "--features", "--without").contains(option)) {
                throw new StartException(
                        Exit.USAGE,
                        "unknown argument " + option + "; known are --home DIR, --features A,B, --without A,B");
            }
            if (i + 1 == arguments.length || arguments[i + 1].isBlank()) {
                throw new StartException(Exit.USAGE, option + " needs a value");
            }
            given.put(option.substring(2), arguments[i + 1]);
        }
        return new Arguments(
                Path.of(Objects.requireNonNullElse(value(given, "home"), "run")),
                value(given, "features"),
                split(given.getOrDefault("without", "")));
    }

    private static @Nullable String value(Map<String, String> given, String name) {
        String value = given.get(name);
        value = value == null ? System.getProperty("fieldhouse." + name) : value;
        return value == null ? System.getenv("FIELDHOUSE_" + name.toUpperCase(java.util.Locale.ROOT)) : value;
    }

    /** The names on the command line, else those in {@code <home>/features} (one a line, # comments), else the default. */
    List<String> features() throws StartException {
        if (named != null) {
            return split(named);
        }
        Path file = home.resolve("features");
        if (!Files.exists(file)) {
            return split(DEFAULT_FEATURES);
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.replaceFirst("#.*", ""))
                    .flatMap(line -> split(line).stream())
                    .toList();
        } catch (IOException e) {
            throw new StartException(Exit.SETUP, "cannot read " + file + ": " + e);
        }
    }

    private static List<String> split(String names) {
        return Stream.of(names.split("[,\\s]+")).filter(name -> !name.isEmpty()).toList();
    }

    /** The directory above this jar's {@code lib}. */
    Path distribution() throws StartException {
        String named = System.getProperty("fieldhouse.distribution");
        if (named != null) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        try {
            Path jar = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Objects.requireNonNull(jar.resolve("../..").normalize());
        } catch (URISyntaxException e) {
            throw new StartException(Exit.SETUP, "cannot find the distribution: " + e);
        }
    }
}
