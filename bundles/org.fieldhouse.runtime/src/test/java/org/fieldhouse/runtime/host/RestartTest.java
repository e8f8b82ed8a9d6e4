package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fieldhouse.runtime.host.DeviceHostTest.direct;
import static org.fieldhouse.runtime.host.DeviceHostTest.entry;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray.Entry;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.command.CommandCentre;
import org.fieldhouse.runtime.command.CommandIds;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.Test;

/** One store, and runtimes that stop or are left for dead. */
class RestartTest {
    private static final PointId ONOFF = PointId.of("lamp", "onoff");
    private static final Cause RULE = new Cause(0, Cause.Origin.RULE, "r", null);

    private final MemoryStore store = new MemoryStore();
    private Lamps lamps;

    /** A runtime without OSGi. */
    private final class Run {
        final View view = new View(store);
        final Bus bus = new Bus(BusSettings.DEFAULT, view, Clock.systemUTC(), System::nanoTime);
        final DeviceHost host;
        final MemoryKeeper keeper;

        Run() {
            HouseMemory memory = HouseMemory.read(bus, bus.firstSequence());
            host = new DeviceHost(
                    bus,
                    Clock.systemUTC(),
                    new CommandIds(bus)::next,
                    DeviceHost.Limits.DEFAULT,
                    CommandCentre.Times.DEFAULT);
            host.restore(memory);
            keeper = new MemoryKeeper(host, bus, bus);
            lamps = new Lamps("lamps");
        }

        void open(Lamps binding) {
            host.add(binding);
            host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        }

        void awaitOnline() {
            await().until(() ->
                    host.model().named("Lamp").orElseThrow().status().isOnline());
        }

        CommandTicket send(Request request) throws Exception {
            return host.commands().send(request, RULE, host::unknownDevice);
        }

        void awaitDisk() {
            long last = bus.lastSequence();
            await().until(() -> bus.committedSequence() >= last);
        }

        void stop() {
            host.close();
            keeper.close();
            bus.stop();
        }

        List<Fact> facts(long from) throws Exception {
            List<Fact> out = new java.util.ArrayList<>();
            awaitDisk();
            bus.read(from, e -> out.add(e.fact()));
            return out;
        }
    }

    private static SetPoint set(boolean on, int slot) {
        return new SetPoint(ONOFF, Bool.of(on), slot, null, Map.of());
    }

    @Test
    void namesDescriptionsAndPrioritiesSurviveAStop() throws Exception {
        Run first = new Run();
        first.open(lamps);
        first.awaitOnline();
        first.send(set(true, 12));
        first.send(set(false, 8));
        first.stop();
        Run second = new Run();
        // The binding is not there yet, and the rules can be checked all the same.
        second.host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        assertThat(second.host.model().named("Lamp").orElseThrow().description())
                .isEqualTo(Lamps.LAMP);
        assertThat(second.host.commands().priorities(ONOFF).entries())
                .extracting(Entry::slot)
                .containsExactly(8, 12);
        assertThat(second.facts(second.bus.firstSequence()))
                .noneMatch(f -> f instanceof Fact.DeviceAdded || f instanceof Fact.DeviceDescribed);
        second.stop();
    }

    @Test
    void aDeviceThatLeftWhileTheHouseWasDownIsSaidToBeRemoved() throws Exception {
        Run first = new Run();
        first.open(lamps);
        first.awaitOnline();
        first.stop();
        Run second = new Run();
        second.host.apply(List.of());
        assertThat(second.facts(second.bus.firstSequence()))
                .contains(new Fact.DeviceRemoved(new DeviceId("lamp"), "Lamp"));
        second.stop();
    }

    @Test
    void afterAKillSetsAreSentAgainAndOfUnrepeatableActionsNobodyKnows() throws Exception {
        Run killed = new Run();
        killed.open(lamps);
        killed.awaitOnline();
        CountDownLatch never = new CountDownLatch(1);
        lamps.lamp("lamp").onHandle = c -> never.await();
        CommandTicket blink = killed.send(new CallAction(new DeviceId("lamp"), "blink", Map.of()));
        CommandTicket set = killed.send(set(true, 12));
        blink.accepted().toCompletableFuture().get(5, TimeUnit.SECONDS);
        set.accepted().toCompletableFuture().get(5, TimeUnit.SECONDS);
        // From here on the first run writes nothing: it is dead. Its threads go on without effect.
        killed.view.dead = true;
        Run second = new Run();
        second.open(lamps);
        await().until(() -> !lamps.made.isEmpty() && !lamps.lamp("lamp").handled.isEmpty());
        assertThat(lamps.lamp("lamp").handled).singleElement().satisfies(c -> {
            assertThat(c.id()).isEqualTo(set.id());
            assertThat(c.request()).isEqualTo(set(true, 12));
        });
        assertThat(second.facts(second.bus.firstSequence()))
                .anySatisfy(f -> assertThat(f).isInstanceOfSatisfying(Fact.CommandEnded.class, e -> {
                    assertThat(e.command()).isEqualTo(blink.id());
                    assertThat(e.result().outcome()).isEqualTo(Outcome.UNKNOWN);
                }));
        assertThat(second.send(set(false, 12)).id()).isGreaterThan(set.id() + CommandIds.RANGE / 2);
        never.countDown();
        second.stop();
    }

    @Test
    void aSetIsSentAgainAlthoughTheKillCameBeforeItsSlotWasRecorded() throws Exception {
        Run killed = new Run();
        killed.open(lamps);
        killed.awaitOnline();
        killed.awaitDisk();
        Command set = new Command(7, set(true, 12), RULE, 1, 2);
        killed.bus
                .mailbox(new DeviceId("lamp"))
                .publishDurably(new Fact.CommandAccepted(set), RULE)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        killed.view.dead = true;
        Run second = new Run();
        second.open(lamps);
        await().until(() -> !lamps.made.isEmpty() && !lamps.lamp("lamp").handled.isEmpty());
        assertThat(lamps.lamp("lamp").handled).singleElement().satisfies(c -> {
            assertThat(c.id()).isEqualTo(7);
            assertThat(c.request()).isEqualTo(set(true, 12));
        });
        assertThat(second.host.commands().priorities(ONOFF).entries())
                .extracting(Entry::slot)
                .containsExactly(12);
        second.stop();
    }

    @Test
    void aHoldThatEndedWhileTheHouseWasDownFallsBackAtTheStart() throws Exception {
        Run first = new Run();
        first.open(lamps);
        first.awaitOnline();
        first.send(set(true, 12));
        first.send(new SetPoint(ONOFF, Bool.OFF, 8, Duration.ofMillis(300), Map.of()));
        first.stop();
        await().pollDelay(Duration.ofMillis(350)).until(() -> true);
        Run second = new Run();
        second.open(lamps);
        second.awaitOnline();
        await().until(() -> !lamps.lamp("lamp").handled.isEmpty());
        assertThat(((SetPoint) lamps.lamp("lamp").handled.get(0).request()).value())
                .isEqualTo(Bool.ON);
        assertThat(second.host.commands().priorities(ONOFF).entries())
                .extracting(Entry::slot)
                .containsExactly(12);
        second.stop();
    }

    /** What one run sees of the store, until it is dead. */
    private static final class View implements JournalStore {
        private final JournalStore store;
        volatile boolean dead;

        View(JournalStore store) {
            this.store = store;
        }

        private void live() throws StoreException {
            if (dead) {
                throw new StoreException("killed");
            }
        }

        @Override
        public void append(List<JournalBlock> blocks) throws StoreException {
            live();
            store.append(blocks);
        }

        @Override
        public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
            store.read(fromSequence, reader);
        }

        @Override
        public Optional<JournalBlock> findByTime(long micros) throws StoreException {
            return store.findByTime(micros);
        }

        @Override
        public long lastSequence() throws StoreException {
            return store.lastSequence();
        }

        @Override
        public long firstSequence() throws StoreException {
            return store.firstSequence();
        }

        @Override
        public void prune(long beforeSequence) throws StoreException {
            live();
            store.prune(beforeSequence);
        }

        @Override
        public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
            live();
            store.putSnapshot(name, snapshot);
        }

        @Override
        public List<Snapshot> snapshots(String name) throws StoreException {
            return store.snapshots(name);
        }

        @Override
        public long unreadable() {
            return store.unreadable();
        }

        @Override
        public long size() throws StoreException {
            return store.size();
        }
    }
}
