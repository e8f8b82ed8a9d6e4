package org.fieldhouse.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.isolation.child.Trial;
import org.fieldhouse.isolation.wire.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process of a trial, as the house hears it. */
@Timeout(60)
class TrialTest {
    @TempDir
    Path folder;

    /** The words that it says, of which there are no more within the time. */
    private List<String> say(String does, int seconds) throws IOException, InterruptedException {
        IsolatedFeature feature = Guests.bad(folder, does);
        List<String> bundles = feature.bundles().stream()
                .map(b -> b.level() + " " + (b.own() ? Setup.OWN : Setup.LENT) + ' ' + b.jar())
                .collect(Collectors.toCollection(ArrayList::new));
        Path output = folder.resolve("output-" + does);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        feature.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                        Trial.class.getName())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Setup setup =
                    new Setup("t0ken", "", folder.resolve("cache-" + does).toString(), bundles, Guests.PROPERTIES);
            process.getOutputStream().write(setup.toString().getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return Files.readString(output)
                    .lines()
                    .filter(line -> line.startsWith("t0ken "))
                    .map(line -> line.substring("t0ken ".length()))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whoStartsPasses() throws Exception {
        assertThat(say("nothing", 30)).containsExactly("begun", "at bad-nothing", "up", "passed");
    }

    /** A start that fails harms nobody, and in the house it may have what it lacks here. */
    @Test
    void whoThrowsPassesAsWell() throws Exception {
        assertThat(say("throw", 30))
                .containsExactly(
                        "begun",
                        "at bad-throw",
                        "up",
                        "wrong bad-throw does not start: java.lang.IllegalStateException: no coffee",
                        "passed");
    }

    @Test
    void whoEndsTheProcessOrNeverReturnsDoesNot() throws Exception {
        assertThat(say("exit", 30)).containsExactly("begun", "at bad-exit");
        assertThat(say("hang", 5)).containsExactly("begun", "at bad-hang");
        assertThat(say("stop-framework", 30)).contains("stopped").doesNotContain("passed");
    }

    /** What a bundle leaves behind is looked at as well; what takes its time is waited for. */
    @Test
    void whoEatsTheMemoryLaterDoesNotPass() throws Exception {
        assertThat(say("eat-slowly", 30))
                .startsWith("begun", "at bad-eat-slowly", "up")
                .doesNotContain("passed");
    }
}
