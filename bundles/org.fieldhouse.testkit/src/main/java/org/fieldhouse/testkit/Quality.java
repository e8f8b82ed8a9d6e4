package org.fieldhouse.testkit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.testkit.QualityContract.Project;

/** The scale; each level demands what those before it do as well. */
enum Quality {
    /** It keeps the contract, and says what it does. */
    BRONZE {
        @Override
        Stream<String> missing(Project project) {
            return Stream.of(
                            files(project),
                            headings(project),
                            attributes(project),
                            unless(
                                    project.tests("extends BindingContract\\b"),
                                    "a test that extends the testkit's BindingContract"),
                            unless(
                                    project.manifest().contains("Fieldhouse-Permissions:"),
                                    "a header Fieldhouse-Permissions in bnd.bnd: what the bundle touches"))
                    .flatMap(each -> each);
        }
    },
    /** It withstands what comes over the wire, and comes back by itself. */
    SILVER {
        @Override
        Stream<String> missing(Project project) {
            return Stream.of(
                            tagged(project, "golden", "frames as the protocol's document shows them"),
                            unless(
                                    project.tests("@Tag\\(\"fuzz\"\\)|@Property\\b"),
                                    "a test with @Tag(\"fuzz\"), or a property of jqwik: garbage does no harm"),
                            tagged(project, "reconnect", "the connection is lost, and is there again"),
                            unless(
                                    project.main().stream()
                                            .anyMatch(source -> source.name().endsWith("Codec.java")),
                                    "an XCodec, pure: bytes and their meaning"))
                    .flatMap(each -> each);
        }
    },
    /** Its update loses nothing, and nothing it can be told is undocumented. */
    GOLD {
        @Override
        Stream<String> missing(Project project) {
            return Stream.of(
                            unless(
                                    Project.has(project.main(), "implements [^{]*\\bSwappable\\b"),
                                    "a device that implements Swappable"),
                            tagged(project, "swap", "the binding is replaced, and nothing is lost"),
                            settings(project))
                    .flatMap(each -> each);
        }
    };

    private static final List<String> HEADINGS = List.of("Devices", "Settings", "Limits");
    private static final Pattern NAMED_FILE = Pattern.compile("(\\w+)Binding\\.java");
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "@AttributeDefinition\\((.*?)\\)\\s*(int|long|double|boolean|String|String\\[\\])\\s+(\\w+)\\(\\)([^;]*);",
            Pattern.DOTALL);
    /** A unit in the name of an attribute or in its description; a count says what it counts. */
    private static final Pattern UNIT = Pattern.compile(
            "Millis|[Ss]econds|[Mm]inutes|[Hh]ours|Kib|KiB|[Bb]ytes|[Pp]ercent|%|°C|bit/s|[Nn]umber of|TCP port|Hz|dBm");

    private static final Pattern SETTING = Pattern.compile(
            "\\.(?:text|integer|number|flag|duration|choice|secret|texts|section|sections)\\(\\s*\"([a-z][a-z0-9-]*)\"");

    /** In words, each with what to do. */
    abstract Stream<String> missing(Project project);

    private static Stream<String> unless(boolean there, String what) {
        return there ? Stream.empty() : Stream.of(what);
    }

    private static Stream<String> tagged(Project project, String tag, String what) {
        return unless(project.tests("@Tag\\(\"" + tag + "\"\\)"), "a test with @Tag(\"" + tag + "\"): " + what);
    }

    private static Stream<String> files(Project project) {
        Set<String> names = new TreeSet<>();
        project.main().forEach(source -> names.add(source.name()));
        Set<String> prefixes = new TreeSet<>();
        for (String name : names) {
            Matcher binding = NAMED_FILE.matcher(name);
            if (binding.matches()) {
                prefixes.add(binding.group(1));
            }
        }
        return unless(
                prefixes.stream().anyMatch(x -> names.contains(x + "Config.java")),
                "the files XBinding and XConfig, of one X");
    }

    private static Stream<String> headings(Project project) {
        return HEADINGS.stream()
                .filter(heading -> !Pattern.compile("(?m)^#+ " + heading + "\\b")
                        .matcher(project.readme())
                        .find())
                .map(heading -> "a heading `## " + heading + "` in README.md");
    }

    private static Stream<String> attributes(Project project) {
        return project.main().stream()
                .filter(source -> source.name().endsWith("Config.java"))
                .flatMap(source -> ATTRIBUTE.matcher(source.text()).results())
                .flatMap(attribute -> {
                    String said = attribute.group(1);
                    String name = attribute.group(3);
                    boolean number = attribute.group(2).matches("int|long|double");
                    return Stream.of(
                                    unless(said.contains("description"), name + ": a description"),
                                    unless(attribute.group(4).contains("default"), name + ": a default"),
                                    unless(
                                            !number || (said.contains("min =") && said.contains("max =")),
                                            name + ": min and max"),
                                    unless(
                                            !number || UNIT.matcher(said + name).find(),
                                            name
                                                    + ": its unit, in the description or the name (a count: `Number of …`)"))
                            .flatMap(each -> each);
                });
    }

    private static Stream<String> settings(Project project) {
        return project.main().stream()
                .filter(source -> source.text().contains("org.fieldhouse.api.config.Settings;"))
                .flatMap(source -> SETTING.matcher(source.text()).results())
                .map(match -> match.group(1))
                .distinct()
                .sorted()
                .filter(key -> !Pattern.compile("(?<![a-z0-9-])" + key + "(?![a-z0-9-])")
                        .matcher(project.readme())
                        .find())
                .map(key -> "the setting `" + key + "` in README.md");
    }
}
