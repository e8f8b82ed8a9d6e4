package org.fieldhouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the scale weighs: each thing taken away is missed, and nothing else. */
class QualityTest {
    @TempDir
    Path project;

    @BeforeEach
    void aBindingOfGold() throws IOException {
        write("README.md", "# X\n\nQuality: gold\n\n## Devices\n\n## Settings\n`port`, `baud`\n## Limits\n");
        write("bnd.bnd", "Fieldhouse-Permissions: publish\n");
        write(
                "src/main/java/XBinding.java",
                "import org.fieldhouse.api.config.Settings;\nclass XBinding { Object o = settings.text(\"port\"); }");
        write(
                "src/main/java/XConfig.java",
                "@interface XConfig {\n@AttributeDefinition(name = \"A\", description = \"Seconds, 1 (one) to 3.\", min = \"1\", max = \"3\")\n"
                        + "int silence() default 2;\n}");
        write("src/main/java/XCodec.java", "class XCodec {}");
        write(
                "src/main/java/XDevice.java",
                "import org.fieldhouse.api.config.Settings;\nclass XDevice implements Swappable { Object o = s.integer(\"baud\", 1, 2); }");
        write(
                "src/test/java/XTest.java",
                "class XTest extends BindingContract { @Tag(\"golden\") @Tag(\"fuzz\") @Tag(\"reconnect\") @Tag(\"swap\") }");
    }

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void replace(String name, String from, String to) throws IOException {
        String text = Files.readString(project.resolve(name));
        assertThat(text).contains(from);
        write(name, text.replace(from, to));
    }

    private List<String> missing(Quality level) throws IOException {
        return QualityContract.missing(project, level);
    }

    @Test
    void nothingIsMissedWhereAllIsThere() throws IOException {
        assertThat(missing(Quality.GOLD)).isEmpty();
    }

    @Test
    void whatWasTakenAwayIsMissed() throws IOException {
        check("README.md", "## Limits", "", Quality.BRONZE, "Limits");
        check("bnd.bnd", "Fieldhouse-Permissions", "X", Quality.BRONZE, "Fieldhouse-Permissions");
        check("src/main/java/XConfig.java", "min = \"1\", ", "", Quality.BRONZE, "silence: min and max");
        check("src/main/java/XConfig.java", "Seconds", "Some", Quality.BRONZE, "silence: its unit");
        check("src/main/java/XConfig.java", " default 2", "", Quality.BRONZE, "silence: a default");
        check("src/main/java/XConfig.java", "description", "text", Quality.BRONZE, "silence: a description");
        check("src/test/java/XTest.java", "extends BindingContract", "", Quality.BRONZE, "BindingContract");
        check("src/test/java/XTest.java", "golden", "x", Quality.SILVER, "golden");
        check("src/test/java/XTest.java", "fuzz", "x", Quality.SILVER, "fuzz");
        check("src/test/java/XTest.java", "reconnect", "x", Quality.SILVER, "reconnect");
        check("src/test/java/XTest.java", "swap", "x", Quality.GOLD, "swap");
        check("src/main/java/XDevice.java", "implements Swappable", "", Quality.GOLD, "Swappable");
        check("README.md", "`baud`", "", Quality.GOLD, "the setting `baud`");
    }

    /** Missed at its level, and not at the one below. */
    private void check(String file, String what, String by, Quality level, String message) throws IOException {
        aBindingOfGold();
        replace(file, what, by);
        assertThat(missing(level)).singleElement().asString().contains(message);
        if (level != Quality.BRONZE) {
            assertThat(missing(Quality.values()[level.ordinal() - 1])).isEmpty();
        }
    }
}
