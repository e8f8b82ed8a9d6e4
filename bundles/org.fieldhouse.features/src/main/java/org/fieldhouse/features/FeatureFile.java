package org.fieldhouse.features;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureExtension;

/**
 * A feature file as it was read: OSGi Feature JSON (Compendium 8.1 ch. 159).
 *
 * @param requires names, each optionally followed by a blank and a version range
 * @param configurations in the format of the Configurator; empty if there are none
 * @param isolated heap of the process that it asks for, MiB; 0 if it asks for none
 */
record FeatureFile(
        String name,
        String version,
        String title,
        List<String> requires,
        List<Wanted> bundles,
        String configurations,
        int isolated) {
    private static final int DEFAULT_LEVEL = 7;
    private static final String REQUIRES = "fieldhouse.requires";
    private static final String ISOLATED = "fieldhouse.isolated";

    private static final Pattern MEMORY = Pattern.compile("memory=(\\d{1,5})m");

    /** @param sha256 what the feature says that it must be; empty if it says nothing */
    record Wanted(Coordinates coordinates, int level, String sha256) {}

    static FeatureFile parse(String text) throws IOException {
        try {
            Feature feature = new FeatureServiceImpl().readFeature(new StringReader(text));
            List<Wanted> bundles = new ArrayList<>();
            for (FeatureBundle bundle : feature.getBundles()) {
                bundles.add(wanted(bundle));
            }
            List<String> requires = new ArrayList<>();
            int isolated = 0;
            for (FeatureExtension extension : feature.getExtensions().values()) {
                if (extension.getName().equals(REQUIRES)) {
                    requires.addAll(extension.getText());
                } else if (extension.getName().equals(ISOLATED)) {
                    isolated = heap(extension.getText());
                } else if (extension.getKind() == FeatureExtension.Kind.MANDATORY) {
                    // Compendium 8.1, 159.6: who does not know a mandatory extension must not go on.
                    throw new IOException("the mandatory extension " + extension.getName() + " is not known here");
                }
            }
            return new FeatureFile(
                    feature.getID().getArtifactId(),
                    feature.getID().getVersion(),
                    feature.getName().or(feature::getDescription).orElse("").replaceAll("\\s+", " "),
                    requires,
                    bundles,
                    configurations(text, feature.getID().getArtifactId()),
                    isolated);
        } catch (JsonException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException("not a feature file: " + e.getMessage(), e);
        }
    }

    /** {@code memory=64m}, or nothing. */
    private static int heap(List<String> text) throws IOException {
        int heap = IsolatedFeature.DEFAULT_HEAP;
        for (String line : text) {
            Matcher memory = MEMORY.matcher(line.strip());
            if (!memory.matches()) {
                throw new IOException("extension " + ISOLATED + " knows memory=64m, not " + line);
            }
            heap = Integer.parseInt(memory.group(1));
        }
        if (heap < IsolatedFeature.LEAST_HEAP || heap > IsolatedFeature.MOST_HEAP) {
            throw new IOException("extension " + ISOLATED + ": memory is " + IsolatedFeature.LEAST_HEAP + "m to "
                    + IsolatedFeature.MOST_HEAP + "m, not " + heap + "m");
        }
        return heap;
    }

    private static Wanted wanted(FeatureBundle bundle) {
        Map<String, Object> metadata = bundle.getMetadata();
        Object level = metadata.getOrDefault("start-order", DEFAULT_LEVEL);
        return new Wanted(
                Coordinates.parse(bundle.getID().toString()),
                Math.max(1, Math.min(10, Integer.parseInt(String.valueOf(level)))),
                String.valueOf(metadata.getOrDefault("sha256", "")));
    }

    /** Verbatim: a reader that turned the values into objects and back would have to know their types. */
    private static String configurations(String text, String name) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            JsonObject configurations = reader.readObject().getJsonObject("configurations");
            if (configurations == null || configurations.isEmpty()) {
                return "";
            }
            return Json.createObjectBuilder()
                            .add(":configurator:resource-version", 1)
                            .add(":configurator:symbolic-name", "org.fieldhouse." + name)
                            .add(":configurator:version", "1.0.0")
                            .addAll(Json.createObjectBuilder(configurations))
                            .build()
                    + "\n";
        }
    }
}
