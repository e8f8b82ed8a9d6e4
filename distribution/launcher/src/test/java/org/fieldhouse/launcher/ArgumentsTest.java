package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @TempDir
    Path home;

    private Arguments inHome(String... more) throws StartException {
        String[] all = new String[more.length + 2];
        all[0] = "--home";
        all[1] = home.toString();
        System.arraycopy(more, 0, all, 2, more.length);
        return Arguments.parse(all);
    }

    @Test
    void defaultFeatures() throws StartException {
        assertThat(inHome().features()).containsExactly("core", "rules", "mqtt", "shell");
    }

    @Test
    void theFileInTheHomeDecidesUnlessTheCommandLineDoes() throws Exception {
        Files.writeString(home.resolve("features"), "# mine\ncore, rules  # two\n\nbroker\n");
        assertThat(inHome().features()).containsExactly("core", "rules", "broker");
        assertThat(inHome("--features", "core,shell").features()).containsExactly("core", "shell");
    }

    @Test
    void whatIsTakenAwayIsAList() throws Exception {
        assertThat(inHome().without()).isEmpty();
        assertThat(inHome("--without", "acme, org.example.fan").without()).containsExactly("acme", "org.example.fan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense x", "--features", "run"})
    void wrongArgumentsAreErrorsOfUsage(String arguments) {
        assertThatThrownBy(() -> inHome(arguments.split(" ")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.USAGE));
    }
}
