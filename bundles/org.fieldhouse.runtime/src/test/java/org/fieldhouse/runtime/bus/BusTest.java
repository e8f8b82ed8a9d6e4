package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.event.Fact.RuntimeStopped;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final DeviceId LAMP = new DeviceId("lamp");
    private static final PointId ON = new PointId(LAMP, "onoff");

    private final MemoryStore store = new MemoryStore();
    private Bus bus = start();

    private Bus start() {
        return new Bus(BusSettings.DEFAULT, store, Clock.systemUTC(), System::nanoTime);
    }

    @AfterEach
    void stop() {
        bus.stop();
    }

    private List<Event> journal() throws Exception {
        List<Event> events = new CopyOnWriteArrayList<>();
        bus.read(0, events::add);
        return events;
    }

    @Test
    void saysWhatAReportChangesAndWhatItDoesNot() throws Exception {
        List<Event> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("test", Overflow.WAIT, 100, seen::add);
        Mailbox mailbox = bus.mailbox(LAMP);

        mailbox.report("onoff", Bool.ON, Quality.GOOD, 0);
        mailbox.report("onoff", Bool.ON, Quality.GOOD, 0);
        mailbox.report("onoff", null, Quality.BAD, 0);

        await().until(() -> seen.size() == 3);
        assertThat(seen).extracting(Event::sequence).containsExactly(2L, 3L, 4L);
        assertThat(seen).extracting(e -> e.cause().origin()).containsOnly(Cause.Origin.DEVICE);
        assertThat(((StateChanged) seen.get(0).fact()).before()).isEqualTo(State.NONE);
        assertThat(seen.get(1).fact()).isInstanceOf(StateReported.class);
        State bad = ((StateChanged) seen.get(2).fact()).after();
        assertThat(bad.value()).isEqualTo(Bool.ON);
        assertThat(bad.quality()).isEqualTo(Quality.BAD);
        assertThat(bus.state(ON)).isEqualTo(bad);
    }

    @Test
    void statesAndNumbersComeBackAfterACleanStop() throws Exception {
        bus.mailbox(LAMP).report("onoff", Bool.ON, Quality.GOOD, 0);
        bus.mailbox(LAMP).report("power", Quantity.of(21.5, "W"), Quality.UNCERTAIN, 17);
        long last = bus.lastSequence();
        State on = bus.state(ON);
        bus.stop();
        bus = start();

        assertThat(bus.state(ON)).isEqualTo(on);
        assertThat(bus.state(new PointId(LAMP, "power")).sourceMicros()).isEqualTo(17);
        assertThat(bus.firstSequence()).isEqualTo(last + 2);
        await().untilAsserted(() -> assertThat(journal())
                .extracting(Event::fact)
                .extracting(Fact::getClass)
                .containsSequence(RuntimeStopped.class, RuntimeStarted.class));
        RuntimeStarted started =
                (RuntimeStarted) bus.event(last + 2).orElseThrow().fact();
        assertThat(started.clean()).isTrue();
        assertThat(started.stoppedMicros())
                .isGreaterThanOrEqualTo(bus.event(last + 1).orElseThrow().timeMicros());
    }

    @Test
    void aDurablePublicationIsOnDiskWhenItCompletes() throws Exception {
        Event event = bus.publishDurably(new AuditRecorded("login", "anna", ""), Cause.RUNTIME)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);

        assertThat(journal()).contains(event);
        assertThat(bus.committedSequence()).isGreaterThanOrEqualTo(event.sequence());
    }

    @Test
    void aFollowerReadsTheJournalAndGoesOnLive() throws Exception {
        bus.stop();
        bus = new Bus(BusSettings.DEFAULT.withBounds(64, 16, 16), store, Clock.systemUTC(), System::nanoTime);
        Mailbox mailbox = bus.mailbox(LAMP);
        for (int i = 0; i < 1_000; i++) {
            mailbox.signal("tick", Map.of("n", Quantity.of(i)));
        }
        List<Long> seen = new CopyOnWriteArrayList<>();
        bus.follow("test", 1, e -> seen.add(e.sequence()));
        for (int i = 0; i < 1_000; i++) {
            mailbox.signal("tick", Map.of("n", Quantity.of(i)));
        }
        await().until(() -> bus.counters().waiting() == 0);
        long last = bus.lastSequence();
        await().until(() -> !seen.isEmpty() && seen.get(seen.size() - 1) == last);
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(seen.get(i - 1) + 1);
        }
    }

    @Test
    void pointsGoOfflineWithTheDeviceAndComeBackWithIt() {
        Mailbox mailbox = bus.mailbox(LAMP);
        mailbox.report("onoff", Bool.ON, Quality.GOOD, 0);
        mailbox.offline();
        assertThat(bus.state(ON).quality()).isEqualTo(Quality.OFFLINE);
        assertThat(bus.state(ON).value()).isEqualTo(Bool.ON);
        mailbox.online();
        assertThat(bus.state(ON).quality()).isEqualTo(Quality.GOOD);
    }
}
