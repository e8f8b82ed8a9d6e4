package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.fieldhouse.api.feature.GenerationInfo;
import org.junit.jupiter.api.Test;

class FeaturesTabTest {
    @Test
    void aGenerationSaysWhatCameAndWentAndWhichFilesChanged() {
        GenerationInfo before =
                new GenerationInfo(1, Instant.EPOCH, "", List.of(), List.of("acme 1.0.0", "core 1.0.0", "mqtt 1.0.0"));
        GenerationInfo after = new GenerationInfo(
                2,
                Instant.EPOCH,
                "anna",
                List.of("features.lock", "rules/hall.rules"),
                List.of("acme 1.1.0", "core 1.0.0", "virtual 1.0.0"));
        assertThat(FeaturesTab.changes(before, after))
                .containsExactly("acme 1.0.0 → 1.1.0", "+ virtual 1.0.0", "− mqtt 1.0.0", "rules/hall.rules");
    }
}
