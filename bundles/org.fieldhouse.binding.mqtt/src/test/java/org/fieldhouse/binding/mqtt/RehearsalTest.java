package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hand-over without a broker: it gets to its end, and nothing of it stays. */
class RehearsalTest {
    private static long pahos() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("MQTT "))
                .count();
    }

    @ParameterizedTest
    @EnumSource(LinkSettings.Version.class)
    void playsToItsEndAndLeavesNoThread(LinkSettings.Version version) throws Exception {
        long before = pahos();
        // Warm, it is over before Paho's own thread has looked whether the others are up.
        for (int i = 0; i < 10; i++) {
            new Rehearsal(Fixtures.BINDING, version).run();
        }
        await().until(() -> pahos() <= before);
    }

    /** One is rehearsed for each protocol that a broker of the house speaks, and none where there is no broker. */
    @Test
    void whatIsNotUsedIsNotRehearsed() throws Exception {
        MqttBinding binding = Fixtures.binding();
        assertThat(binding.rehearsals()).isEmpty();
        Fixtures.device(binding, "broker", Map.of("version", "3.1.1"));
        assertThat(binding.rehearsals()).containsExactly(LinkSettings.Version.V3_1_1);
        binding.rehearse();
    }
}
