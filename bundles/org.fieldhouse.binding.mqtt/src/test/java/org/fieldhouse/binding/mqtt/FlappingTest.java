package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.value.Quantity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that vanishes, comes back, answers late, or falls silent. */
@Tag("reconnect")
@Tag("slow")
class FlappingTest {
    private static final Map<String, Object> TANK =
            Map.of("points", List.of(Map.of("name", "level", "topic", "tank", "command", "tank/set", "unit", "%")));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void isLostOnceAndOpensAgain(String version) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                Proxy proxy = new Proxy(m.port);
                FakeContext peer = Fixtures.broker(m.port)) {
            for (int round = 0; round < 5; round++) {
                FakeContext c = Fixtures.broker(proxy.port, "version", version);
                FakeContext tank = Fixtures.child(c, "tank", "topics", TANK);
                ((BrokerDevice) peer.device).publish("tank", "" + round, 1, true);
                Quantity expected = Quantity.of(round, "%");
                await().until(() -> expected.equals(tank.values.get("level")));
                proxy.cut();
                await().until(() -> c.lost.size() == 1);
                assertThat(catchThrowableOfType(BindingException.class, () -> tank.set("level", Quantity.of(1, "%"))))
                        .isNotNull();
                tank.close();
                c.close();
                assertThat(c.lost).hasSize(1);
            }
        }
    }

    @Test
    void aLateAnswerIsWaitedFor() throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                Proxy proxy = new Proxy(m.port)) {
            proxy.delay(300);
            try (FakeContext c = Fixtures.broker(proxy.port, "timeout", "3 s")) {
                assertThat(c.lost).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void aSilentWireIsNoticedByKeepAlive(String version) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                Proxy proxy = new Proxy(m.port);
                FakeContext c = Fixtures.broker(proxy.port, "version", version, "keep-alive", "1 s")) {
            proxy.silence();
            await().atMost(Duration.ofSeconds(15)).until(() -> c.lost.size() == 1);
        }
    }
}
