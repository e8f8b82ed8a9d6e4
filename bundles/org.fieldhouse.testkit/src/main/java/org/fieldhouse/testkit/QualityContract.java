package org.fieldhouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether a binding is what its README claims: a line {@code Quality: bronze}, {@code silver} or {@code gold}. What each level demands is in
 * Fieldhouse's docs/BINDINGS.md. Extend it in the binding's project; what is missing is listed, all at once.
 */
public abstract class QualityContract {
    private static final Pattern CLAIM = Pattern.compile("(?mi)^Quality: *(bronze|silver|gold)\\b.*$");

    /** Where README.md and src/ are; by default where the tests run. */
    protected Path project() {
        return Path.of("").toAbsolutePath();
    }

    @Test
    void keepsWhatItsReadmeClaims() throws IOException {
        Path readme = project().resolve("README.md");
        assertThat(readme).as("every binding has a README").exists();
        Matcher claim = CLAIM.matcher(Files.readString(readme));
        assertThat(claim.find())
                .as("%s has a line `Quality: bronze`, silver or gold", readme)
                .isTrue();
        Quality claimed = Quality.valueOf(claim.group(1).toUpperCase(Locale.ROOT));
        assertThat(missing(project(), claimed))
                .as("what a binding of %s needs and this one has not", claimed)
                .isEmpty();
    }

    /** What a project lacks for a level, in words; empty if nothing. */
    static List<String> missing(Path project, Quality level) throws IOException {
        Project read = new Project(
                Files.readString(project.resolve("README.md")),
                sources(project.resolve("src/main/java")),
                sources(project.resolve("src/test/java")),
                text(project.resolve("bnd.bnd")) + text(project.resolve("pom.xml")));
        return Stream.of(Quality.values())
                .filter(each -> each.compareTo(level) <= 0)
                .flatMap(each -> each.missing(read))
                .toList();
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static List<Project.Source> sources(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> java =
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
            List<Project.Source> sources = new java.util.ArrayList<>();
            for (Path file : java) {
                sources.add(new Project.Source(file.getFileName().toString(), Files.readString(file)));
            }
            return sources;
        }
    }

    /**
     * A binding's project as text.
     *
     * @param manifest what the manifest is made from
     */
    record Project(String readme, List<Source> main, List<Source> test, String manifest) {
        record Source(String name, String text) {}

        boolean tests(String pattern) {
            return has(test, pattern);
        }

        static boolean has(List<Source> sources, String pattern) {
            Pattern wanted = Pattern.compile(pattern);
            return sources.stream()
                    .anyMatch(source -> wanted.matcher(source.text).find());
        }
    }
}
