package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.GenerationInfo;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.RefusedFile;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.webconsole.tab.Changes.Planned;
import org.fieldhouse.webconsole.tab.Tab.Refused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
    private static final Plan PLAN = new Plan(List.of(), List.of(), List.of(), false);

    @TempDir
    Path folder;

    private final Slow features = new Slow();
    private Changes changes;

    /** Makes changes when it is let. */
    private static final class Slow implements Features {
        private final CountDownLatch let = new CountDownLatch(1);
        private final List<String> made = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Result apply(Change change, Cue cue, Consumer<Progress> progress) {
            for (int i = 0; i < 1000; i++) {
                progress.accept(new Progress(Progress.Stage.FETCH, "acme.jar", i, 1000));
            }
            progress.accept(new Progress(Progress.Stage.COMMIT, "acme", 1, 1));
            try {
                let.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            made.add(cue.actor() + " " + change);
            return new Result(true, PLAN, List.of(), 7, Duration.ZERO);
        }

        @Override
        public Plan plan(Change change) {
            return PLAN;
        }

        @Override
        public List<FeatureInfo> installed() {
            return List.of();
        }

        @Override
        public List<FeatureInfo> available() {
            return List.of();
        }

        @Override
        public List<Finding> inspect(String feature) {
            return List.of();
        }

        @Override
        public List<RefusedFile> refused() {
            return List.of();
        }

        @Override
        public List<GenerationInfo> history() {
            return List.of();
        }

        @Override
        public String lock() {
            return "";
        }
    }

    private Changes changes() {
        changes = new Changes(features, new Uploads(folder.resolve("uploads")));
        return changes;
    }

    @AfterEach
    void close() {
        features.let.countDown();
        changes.close();
    }

    private Path uploaded(String name) throws Exception {
        Path own = Files.createDirectories(folder.resolve("uploads/" + name));
        return Files.writeString(own.resolve("acme.jar"), "x");
    }

    @Test
    void aPlanIsMadeOnceByWhoPressedTheButton() throws Exception {
        Planned planned = changes().plan("remove mqtt", new Change.Remove("mqtt"));
        changes.make(planned.id(), "anna");
        assertThatThrownBy(() -> changes.make(planned.id(), "anna")).isInstanceOf(Refused.class);
        Changes.Run run = changes.last().orElseThrow();
        await().until(() -> run.steps().size() == 2);
        assertThat(run.steps()).extracting(Progress::done).containsExactly(999L, 1L);
        assertThat(run.isOver()).isFalse();
        features.let.countDown();
        await().until(run::isOver);
        assertThat(run.result().orElseThrow().generation()).isEqualTo(7);
        assertThat(features.made).containsExactly("anna Remove[feature=mqtt]");
    }

    @Test
    void anUploadIsMadeWhereItWasPlannedToRun() throws Exception {
        Planned planned = changes().plan("install", new Change.Install(new Source.At(uploaded("first")), true));
        features.let.countDown();
        changes.make(planned.id(), "anna");
        await().until(() -> !features.made.isEmpty());
        assertThat(features.made)
                .singleElement()
                .asString()
                .startsWith("anna Install")
                .contains("isolated=true");
    }

    @Test
    void anUploadIsKeptUntilItsPlanIsMadeOrTooOld() throws Exception {
        changes();
        Path first = uploaded("first");
        Path second = uploaded("second");
        changes.plan("install", new Change.Install(new Source.At(first)));
        Planned kept = changes.plan("install", new Change.Install(new Source.At(second)));
        for (int i = 0; i < 7; i++) {
            changes.plan("remove", new Change.Remove("mqtt"));
        }
        assertThat(first.getParent()).doesNotExist();
        assertThat(second).exists();
        changes.make(kept.id(), "anna");
        features.let.countDown();
        await().until(() -> !Files.exists(second.getParent()));
    }

    @Test
    void anUploadIsLookedAtAgain() throws Exception {
        changes();
        Path file = uploaded("first");
        Planned first = changes.plan("install", new Change.Install(new Source.At(file)));
        Planned second = changes.again(first.id());
        assertThat(file).exists();
        assertThat(second.change()).isEqualTo(first.change());
        assertThatThrownBy(() -> changes.planned(first.id())).isInstanceOf(Refused.class);
        for (int i = 0; i < 8; i++) {
            changes.plan("remove", new Change.Remove("mqtt"));
        }
        assertThat(file.getParent()).doesNotExist();
    }

    /** What the administrator names on the machine is his. */
    @Test
    void aFileThatWasNotUploadedIsLeftWhereItIs() throws Exception {
        Path own = Files.writeString(folder.resolve("acme.jar"), "x");
        Planned planned = changes().plan("install", new Change.Install(new Source.At(own)));
        changes.make(planned.id(), "anna");
        features.let.countDown();
        await().until(() -> changes.last().orElseThrow().isOver());
        assertThat(own).exists();
    }

    @Test
    void noMoreThanTwoAreOnTheirWay() throws Exception {
        changes();
        changes.make(changes.plan("remove", new Change.Remove("x")).id(), "anna");
        await().until(() -> !changes.last().orElseThrow().steps().isEmpty());
        changes.make(changes.plan("remove", new Change.Remove("x")).id(), "anna");
        Planned third = changes.plan("remove", new Change.Remove("x"));
        assertThatThrownBy(() -> changes.make(third.id(), "anna")).hasMessageContaining("wait for them");
        assertThat(changes.planned(third.id())).isEqualTo(third);
    }

    @Test
    void aSourceIsANameAPathOrAUrl() throws Exception {
        changes();
        assertThat(Changes.source("zigbee", "[1,2)")).isEqualTo(new Source.Named("zigbee", "[1,2)"));
        assertThat(Changes.source("/tmp/acme.jar", "")).isEqualTo(new Source.At(Path.of("/tmp/acme.jar")));
        assertThat(Changes.source("https://example.org/acme.far", "")).isInstanceOf(Source.Url.class);
        assertThatThrownBy(() -> Changes.source("https://exa mple/", "")).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Changes.source("", "")).isInstanceOf(Refused.class);
    }
}
