package org.fieldhouse.demo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.fieldhouse.demo.sim.FrameLog.Frame;
import org.junit.jupiter.api.Test;

class FrameLogTest {
    private static final long SECOND = 1_000_000;

    private final FrameLog log = new FrameLog();
    private final Frame first = new Frame("lamp", "{\"state\":\"OFF\"}", 10 * SECOND);
    private final Frame second = new Frame("lamp", "{\"state\":\"ON\"}", 14 * SECOND);

    @Test
    void findsTheMessageNextToTheEvent() {
        log.add("Lamp", first);
        log.add("Lamp", second);
        assertThat(log.before("Lamp", 10 * SECOND + 4_000, "")).contains(first);
        assertThat(log.before("Lamp", 14 * SECOND + 4_000, "")).contains(second);
        assertThat(log.before("Lamp", 14 * SECOND + 4_000, "OFF")).contains(first);
    }

    @Test
    void anEventThatIsStampedEarlyBelongsToTheMessageAfterIt() {
        log.add("Lamp", first);
        log.add("Lamp", second);
        assertThat(log.before("Lamp", 14 * SECOND - 60_000, "")).contains(second);
    }

    @Test
    void noMessageIsSoOldOrSoNew() {
        log.add("Lamp", first);
        assertThat(log.before("Lamp", 16 * SECOND, "")).isEmpty();
        assertThat(log.before("Lamp", 9 * SECOND, "")).isEmpty();
        assertThat(log.before("Fan", 10 * SECOND, "")).isEmpty();
    }
}
