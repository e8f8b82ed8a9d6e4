package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload that is killed leaves the old set or the new one: half of an edit in force would be rules that nobody wrote. */
class ReloadWalkTest {
    @TempDir
    Path folder;

    @Test
    void killedInEveryFourthStep() throws IOException {
        ReloadWalk walk = new ReloadWalk(folder, 4);
        List<String> steps = walk.all();
        assertThat(walk.wrong()).isEmpty();
        assertThat(steps)
                .hasSizeGreaterThan(20)
                .contains("write .current.new", "move to current", "journal: append", "journal: putSnapshot");
    }

    @Test
    @Tag("slow")
    void killedInEveryStep() throws IOException {
        ReloadWalk walk = new ReloadWalk(folder, 1);
        walk.all();
        assertThat(walk.wrong()).isEmpty();
    }

    /** Negative control: a home in which a file of each version is in force. */
    @Test
    void aMixIsCaught() throws IOException {
        ReloadWalk walk = new ReloadWalk(folder, 1);
        Path home = folder.resolve("mixed");
        walk.begin(
                home,
                "rule \"a1\" when every 1 h mode single do wait 5 min log \"a\" end",
                "rule \"b2\" when every 1 h do log \"b\" end");
        walk.judge(home, "mixed");
        assertThat(walk.wrong()).anyMatch(line -> line.contains("the directory has [a1, b2], the engine [a1, b2]"));
    }
}
