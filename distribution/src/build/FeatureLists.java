import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Build step: turns each features/NAME.json into NAME.list (and NAME.config.json), so that the launcher parses no
 * JSON, and fails when features and collected jars disagree.
 *
 * <p>Leaves only jars in the repository. Arguments: directory of the features, directory of the jars in Maven layout. The lists are in the format of
 * org.fieldhouse.features.lock.FeatureList.
 */
public final class FeatureLists {
    private static final int DEFAULT_LEVEL = 5;

    public static void main(String[] arguments) throws IOException {
        Path features = Path.of(arguments[0]);
        Path repository = Path.of(arguments[1]);
        Set<String> jars = jars(repository);
        Set<String> used = new TreeSet<>();
        for (String file : names(features, ".json")) {
            if (!file.endsWith(".config.json")) {
                write(features, file.substring(0, file.length() - ".json".length()), repository, used);
            }
        }
        Set<String> missing = new TreeSet<>(used);
        missing.removeAll(jars);
        Set<String> idle = new TreeSet<>(jars);
        idle.removeAll(used);
        if (!missing.isEmpty() || !idle.isEmpty()) {
            System.err.println("features/*.json and the dependencies of distribution/pom.xml disagree:");
            missing.forEach(jar -> System.err.println("  in a feature, but no dependency: " + jar));
            idle.forEach(jar -> System.err.println("  a dependency, but in no feature: " + jar));
            System.exit(1);
        }
        tidy(repository);
    }

    /** What Maven notes beside the jars, times and registries of this machine among it, is nobody else's. */
    private static void tidy(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".jar")) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void write(Path features, String name, Path repository, Set<String> used) throws IOException {
        JsonObject feature;
        try (Reader text = Files.newBufferedReader(features.resolve(name + ".json"));
                JsonReader reader = Json.createReader(text)) {
            feature = reader.readObject();
        }
        String version = feature.getString("id").replaceFirst(".*:", "");
        StringBuilder list = new StringBuilder("feature " + name + " " + version + " FEATURE "
                + feature.getString("name", name) + "\n");
        for (JsonValue required : texts(feature)) {
            list.append("requires ").append(required.toString().replace("\"", "")).append('\n');
        }
        if (feature.containsKey("extensions") && feature.getJsonObject("extensions").containsKey("fieldhouse.isolated")) {
            throw new IOException(name + " is of this distribution, which is trusted; what is isolated comes from elsewhere");
        }
        for (JsonValue value : feature.getJsonArray("bundles")) {
            JsonObject bundle = value.asJsonObject();
            String jar = jar(bundle.getString("id"));
            used.add(jar);
            Path file = repository.resolve(jar);
            if (Files.exists(file)) {
                list.append("bundle " + bundle.getInt("start-order", DEFAULT_LEVEL) + " " + sha256(file) + " "
                        + identity(file) + " repository/" + jar + "\n");
            }
        }
        JsonObject configurations = feature.getJsonObject("configurations");
        if (configurations != null) {
            String pids = configurations.entrySet().stream()
                    .map(entry -> "  \"" + entry.getKey() + "\": " + entry.getValue())
                    .collect(Collectors.joining(",\n"));
            Path file = features.resolve(name + ".config.json");
            Files.writeString(
                    file,
                    "{\n  \":configurator:resource-version\": 1,\n  \":configurator:symbolic-name\": \"org.fieldhouse." + name
                            + "\",\n  \":configurator:version\": \"1.0.0\",\n" + pids + "\n}\n");
            list.append("config " + sha256(file) + " features/" + name + ".config.json\n");
        }
        Files.writeString(features.resolve(name + ".list"), list);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** Symbolic name and version. */
    private static String identity(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes main = file.getManifest().getMainAttributes();
            return main.getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip() + " "
                    + main.getValue("Bundle-Version").strip();
        }
    }

    private static JsonArray texts(JsonObject feature) {
        JsonObject extensions = feature.getJsonObject("extensions");
        JsonObject requires = extensions == null ? null : extensions.getJsonObject("fieldhouse.requires");
        return requires == null ? JsonValue.EMPTY_JSON_ARRAY : requires.getJsonArray("text");
    }

    /** group:artifact:version or group:artifact:type:classifier:version (OSGi Compendium 8.1, 159.3). */
    private static String jar(String id) {
        List<String> parts = List.of(id.split(":"));
        String version = parts.get(parts.size() - 1);
        return parts.get(0).replace('.', '/') + "/" + parts.get(1) + "/" + version + "/" + parts.get(1) + "-" + version
                + (parts.size() == 5 ? "-" + parts.get(3) : "") + ".jar";
    }

    private static Set<String> jars(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(file -> repository.relativize(file).toString().replace('\\', '/'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> names(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
