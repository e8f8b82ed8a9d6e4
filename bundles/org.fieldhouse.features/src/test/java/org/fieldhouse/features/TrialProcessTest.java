package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the house makes of a process, which is a shell script in place of the JVM here: the wrapper leaves the rest of the command out. */
@Timeout(60)
class TrialProcessTest {
    @TempDir
    Path folder;

    /** @param script in which {@code $t} is the token */
    private Trial.Outcome run(String script) throws IOException, InterruptedException {
        List<String> wrapper = List.of(
                "/bin/sh",
                "-c",
                "read word t; while read -r line; do echo \"$line\" >>setup; [ \"$line\" != end ] || break; done; "
                        + script,
                "wrapped");
        Trial trial = new TrialProcess(
                folder.resolve("trial"), Map.of("a", "b  c"), wrapper, new TrialProcess.Patience(2, 2, 4, 1, 50));
        return trial.of(new Trial.Guest("acme", 32, List.of(), List.of("7 own /a.jar")));
    }

    private static final String BEGUN = "echo $t begun; echo $t at acme.fan; ";

    @Test
    void whoPassesPasses() throws Exception {
        Trial.Outcome outcome = run(
                "echo hello; printf 'half a line '; " + BEGUN
                        + "echo $t up; echo $t waits a.B for c.D; echo $t wrong a does not start; echo $t passed; exec sleep 100");
        assertThat(outcome)
                .isEqualTo(new Trial.Outcome(
                        "acme.fan", "", List.of("component a.B, which waits for c.D", "a does not start")));
        assertThat(folder.resolve("trial")).doesNotExist();
    }

    @Test
    void whoEndsTheProcessIsToldHow() throws Exception {
        assertThat(run(BEGUN + "exit 7").failure()).isEqualTo("it ended the process (exit code 7)");
        assertThat(run(BEGUN + "exit 0").failure()).isEqualTo("it ended the process (exit code 0)");
        assertThat(run(BEGUN + "kill -9 $$").failure()).contains("it was killed");
        assertThat(run(BEGUN + "echo Terminating due to java.lang.OutOfMemoryError: Java heap space; exit 3")
                        .failure())
                .isEqualTo("it ran out of memory, with a heap of 32 MB");
        assertThat(run(BEGUN + "echo $t up; echo $t stopped; exec sleep 100").failure())
                .isEqualTo("it stopped the framework");
        assertThat(run(BEGUN + "echo passed; exit 0").failure()).contains("exit code 0");
    }

    @Test
    void whoDoesNotComeBackIsEnded() throws Exception {
        assertThat(run(BEGUN + "sleep 100").failure()).isEqualTo("its start has not returned within 2 s");
        assertThat(run(BEGUN + "while :; do :; done").failure())
                .as("who works has longer")
                .isEqualTo("its start has not returned within 4 s");
        assertThat(run(BEGUN + "echo $t up; sleep 100").failure()).isEqualTo("it has kept the process from its end");
    }

    /** Neither a flood nor a line without an end fills the heap of the house. */
    @Test
    void whatItPrintsIsBounded() throws Exception {
        assertThat(run(BEGUN + "exec tr '\\0' x </dev/zero").failure()).contains("has not returned");
        assertThat(run(BEGUN + "exec yes").failure()).contains("has not returned");
    }

    @Test
    void whatItHasStartedEndsWithIt() throws Exception {
        run("sleep 1234 & echo $! >" + folder.resolve("pid") + "; " + BEGUN + "echo $t passed; sleep 100");
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void whatHappensBeforeItsBundlesIsNotItsFault() {
        assertThatThrownBy(() -> run("echo no room; exit 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "the process did not come up: it ended the process (exit code 1); it said: no room");
        assertThatThrownBy(() -> run("sleep 100")).hasMessageContaining("it has said nothing for 2 s");
        assertThat(folder.resolve("trial")).doesNotExist();
    }

    @Test
    void itIsToldWhatToDo() throws Exception {
        run(BEGUN + "cp setup " + folder + "; echo $t passed; sleep 100");
        assertThat(Files.readString(folder.resolve("setup")))
                .isEqualTo("storage " + folder.resolve("trial/cache") + "\nbundle 7 own /a.jar\nproperty a=b c\nend\n");
    }
}
