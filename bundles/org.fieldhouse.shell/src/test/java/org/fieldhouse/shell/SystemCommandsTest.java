package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.Traffic;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.junit.jupiter.api.Test;

/** The house in a few lines. */
class SystemCommandsTest {
    /** Fifty events happen after each look, and all of them are on disk at once. */
    private final AtomicLong events = new AtomicLong(100);

    private <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "lastSequence" -> events.getAndAdd(50);
                    case "committedSequence" -> events.get();
                    case "traffic" -> Traffic.NONE;
                    case "status" -> JournalStatus.FINE;
                    case "model" -> HouseModel.EMPTY;
                    case "root" -> Path.of("home");
                    case "generation" -> 1L;
                    case "problems", "accept" -> List.of();
                    case "candidates" ->
                        List.of(new Candidate(
                                new DeviceId("hub:1"), "acme", "hub", null, "Hub", "Acme Hub", Map.of(), true));
                    case "searches" -> List.of("Zigbee2MQTT at 127.0.0.1:1883: connection refused");
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private String said(Consumer<SystemCommands> what) {
        SystemCommands commands = new SystemCommands(
                stub(House.class),
                stub(EventBus.class),
                stub(Journal.class),
                stub(ConfigurationDirectory.class),
                null,
                null);
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            what.accept(commands);
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsOnTheWayIsNeverLessThanNothing() {
        assertThat(said(SystemCommands::status)).contains("up to 150, 0 on the way");
    }

    @Test
    void whatIsLookedForIsSaidBelowWhatWasFound() {
        assertThat(said(SystemCommands::candidates))
                .containsPattern("hub:1 +Hub +Acme Hub, with all that it finds +acme")
                .contains("Looked for: Zigbee2MQTT at 127.0.0.1:1883: connection refused");
        assertThat(said(commands -> commands.accept("Hub")))
                .isEqualToNormalizingNewlines("Hub is in the house, and takes in what it finds\n");
    }
}
