import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Build step: cuts the bill of materials of everything that the build knows (CycloneDX 1.6) down to what is shipped, as one for the
 * distribution and one for each feature. What travels inside a bundle of ours counts as shipped with it.
 *
 * <p>Arguments: the build's bill, directory of the features, directory to write to.
 */
public final class Sboms {
    private static final String OURS = "pkg:maven/org.fieldhouse/";
    /** On the launcher's class path, in no feature. */
    private static final List<String> LIBRARIES = List.of(
            "pkg:maven/org.fieldhouse/org.fieldhouse.launcher@",
            "pkg:maven/org.apache.felix/org.apache.felix.framework@",
            "pkg:maven/org.slf4j/slf4j-api@",
            "pkg:maven/ch.qos.logback/logback-classic@",
            "pkg:maven/ch.qos.logback/logback-core@",
            "pkg:maven/org.jline/jline@");
    /** Commands that run beside the house. */
    private static final List<String> TOOLS =
            List.of("pkg:maven/org.fieldhouse/org.fieldhouse.importer@", "pkg:maven/org.fieldhouse/org.fieldhouse.rules.lsp@");

    private final JsonObject bill;
    private final Map<String, JsonObject> components = new TreeMap<>();
    private final Map<String, List<String>> needs = new TreeMap<>();

    private Sboms(JsonObject bill) {
        this.bill = bill;
        for (JsonObject component : bill.getJsonArray("components").getValuesAs(JsonObject.class)) {
            components.put(component.getString("bom-ref"), component);
        }
        for (JsonObject dependency : bill.getJsonArray("dependencies").getValuesAs(JsonObject.class)) {
            JsonArray on = dependency.getJsonArray("dependsOn");
            needs.put(
                    dependency.getString("ref"),
                    on == null ? List.of() : on.getValuesAs(JsonString::getString));
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (!Files.exists(Path.of(arguments[0]))) {
            System.err.println("No bill of materials: the build's own is made online only");
            return;
        }
        Sboms sboms = new Sboms(read(Path.of(arguments[0])));
        Path out = Files.createDirectories(Path.of(arguments[2]));
        Set<String> all = new TreeSet<>();
        LIBRARIES.forEach(prefix -> all.add(sboms.find(prefix)));
        TOOLS.forEach(prefix -> sboms.addWithin(sboms.find(prefix), all));
        for (Path file : features(Path.of(arguments[1]))) {
            String name = file.getFileName().toString().replace(".json", "");
            Set<String> shipped = new TreeSet<>();
            for (JsonObject bundle : read(file).getJsonArray("bundles").getValuesAs(JsonObject.class)) {
                sboms.addWithin(sboms.find(reference(bundle.getString("id"))), shipped);
            }
            sboms.write(out.resolve(name + ".cdx.json"), "fieldhouse-feature-" + name, shipped);
            all.addAll(shipped);
        }
        sboms.write(out.resolve("fieldhouse.cdx.json"), "fieldhouse", all);
    }

    /** The component, and if it is ours, what is nested in it: its dependencies that are not ours. */
    private void addWithin(String ref, Set<String> shipped) {
        if (shipped.add(ref) && ref.startsWith(OURS)) {
            needs.getOrDefault(ref, List.of()).stream()
                    .filter(other -> !other.startsWith(OURS) && LIBRARIES.stream().noneMatch(other::startsWith))
                    .forEach(other -> addAll(other, shipped));
        }
    }

    private void addAll(String ref, Set<String> shipped) {
        if (components.containsKey(ref) && shipped.add(ref)) {
            needs.getOrDefault(ref, List.of()).stream()
                    .filter(other -> LIBRARIES.stream().noneMatch(other::startsWith))
                    .forEach(other -> addAll(other, shipped));
        }
    }

    private String find(String prefix) {
        return components.keySet().stream()
                .filter(ref -> ref.startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("shipped, but not in the build's bill of materials: " + prefix));
    }

    private void write(Path file, String name, Set<String> shipped) throws IOException {
        JsonObject own = bill.getJsonObject("metadata").getJsonObject("component");
        JsonArrayBuilder list = Json.createArrayBuilder();
        JsonArrayBuilder graph = Json.createArrayBuilder();
        for (String ref : shipped) {
            list.add(components.get(ref));
            JsonArrayBuilder on = Json.createArrayBuilder();
            needs.getOrDefault(ref, List.of()).stream().filter(shipped::contains).forEach(on::add);
            graph.add(Json.createObjectBuilder().add("ref", ref).add("dependsOn", on));
        }
        JsonObjectBuilder metadata = Json.createObjectBuilder()
                .add(
                        "component",
                        Json.createObjectBuilder()
                                .add("type", name.equals("fieldhouse") ? "application" : "library")
                                .add("bom-ref", name)
                                .add("group", own.getString("group"))
                                .add("name", name)
                                .add("version", own.getString("version")));
        JsonObject whole = Json.createObjectBuilder()
                .add("bomFormat", "CycloneDX")
                .add("specVersion", bill.getString("specVersion"))
                .add("version", 1)
                .add("metadata", metadata)
                .add("components", list)
                .add("dependencies", graph)
                .build();
        Files.writeString(file, whole.toString() + "\n");
    }

    /** group:artifact:version or group:artifact:type:classifier:version (OSGi Compendium 8.1, 159.3). */
    private static String reference(String id) {
        List<String> parts = List.of(id.split(":"));
        return "pkg:maven/" + parts.get(0) + "/" + parts.get(1) + "@" + parts.get(parts.size() - 1);
    }

    private static List<Path> features(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json") && !file.toString().endsWith(".config.json"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonObject read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file);
                JsonReader reader = Json.createReader(text)) {
            JsonValue value = reader.readValue();
            return value.asJsonObject();
        }
    }
}
