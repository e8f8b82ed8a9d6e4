package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.Status.Condition;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices of a new version that have not heard of their peers yet when they are opened, as those behind a broker. */
class ReturnAfterUpdateTest {
    private static final DeviceId LAMP = new DeviceId("lamp");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration UPDATE = Duration.ofSeconds(1);

    private final FakeIngress ingress = new FakeIngress();
    private final DeviceHost host = DeviceHostFixtures.host(
            ingress, new DeviceHost.Limits(UPDATE, Duration.ofSeconds(60), Duration.ofSeconds(30)));
    private final Lamps old = new Lamps("lamps");

    /** Its devices are offline until the test says that they were heard of. */
    private final Lamps silent = new Lamps("lamps") {
        @Override
        public Device create(DeviceConfig config) throws SettingsException {
            Lamp lamp = (Lamp) super.create(config);
            lamp.onOpen = context -> context.status(Status.offline("nothing heard"));
            return lamp;
        }
    };

    @AfterEach
    void close() {
        host.close();
    }

    private Status status() {
        return host.model().device(LAMP).orElseThrow().status();
    }

    private void awaitStatus(Condition condition) {
        await().atMost(SOON).until(() -> status().condition() == condition);
    }

    private void lampOf(Lamps binding) {
        host.add(binding);
        host.apply(List.of(DeviceHostTest.direct(DeviceHostTest.entry("Lamp", "lamp", null))));
    }

    private void awaitOpen() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(status()).isEqualTo(new Status(Condition.UPDATING, "nothing heard")));
    }

    private boolean wasOffline() {
        return ingress.facts(Fact.StatusChanged.class).stream()
                .anyMatch(f -> f.after().condition() == Condition.OFFLINE);
    }

    @Test
    void theyAreBeingUpdatedUntilTheyAreBackAndCommandsWait() throws Exception {
        lampOf(old);
        awaitStatus(Condition.ONLINE);
        host.add(silent);
        awaitOpen();
        CommandTicket ticket =
                host.commands().send(new Request.CallAction(LAMP, "beep", Map.of()), Cause.RUNTIME, id -> "unknown");
        silent.lamp("lamp").context.status(Status.ONLINE);
        assertThat(ticket.ended()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .outcome())
                .isEqualTo(Outcome.SENT);
        awaitStatus(Condition.ONLINE);
        assertThat(wasOffline()).isFalse();
        // From then on its word counts at once again.
        silent.lamp("lamp").context.status(Status.offline("unplugged"));
        assertThat(status()).isEqualTo(Status.offline("unplugged"));
    }

    @Test
    void oneThatStaysSilentIsOfflineWhenTheUpdateHoldIsOver() {
        lampOf(old);
        awaitStatus(Condition.ONLINE);
        host.add(silent);
        awaitOpen();
        await().atMost(SOON).untilAsserted(() -> assertThat(status()).isEqualTo(Status.offline("nothing heard")));
    }

    @Test
    void oneThatWasOfflineBeforeIsOfflineAtOnce() {
        lampOf(silent);
        awaitStatus(Condition.OFFLINE);
        Lamps next = new Lamps("lamps") {
            @Override
            public Device create(DeviceConfig config) throws SettingsException {
                return silent.create(config);
            }
        };
        host.add(next);
        awaitStatus(Condition.OFFLINE);
        await().atMost(SOON).until(() -> silent.calls.size() == 3);
        awaitStatus(Condition.OFFLINE);
        assertThat(ingress.facts(Fact.StatusChanged.class))
                .extracting(Fact.StatusChanged::after)
                .doesNotContain(new Status(Condition.UPDATING, "nothing heard"));
    }
}
