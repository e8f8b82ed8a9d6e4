package org.fieldhouse.benchmarks.proof;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.service.DrivenRules;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.bus.Mailbox;
import org.fieldhouse.runtime.journal.JournalReader;
import org.fieldhouse.runtime.journal.JournalSettings;

/** The real bus, journal and rules in this process, on virtual time. The devices are the world's. */
final class LocalPlant implements Plant {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private static final int SNAPSHOT_EVENTS = 150;
    static final String ACT = "org.fieldhouse.rules.AlarmAct";

    private final RuleSet rules;
    private final BooleanSupplier dead;
    private final VirtualClock clock = new VirtualClock();
    private final Bus bus;
    private final Services services;
    private final DrivenRules driven;
    private final long known;

    /** Follows what it is told. */
    private static final class VirtualClock extends Clock {
        private volatile long micros;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /**
     * Starts at that time on what the store holds.
     *
     * @param dead whether the store was killed: then nothing gets out of this any more
     * @param tap told of each command at once
     */
    LocalPlant(RuleSet rules, JournalStore store, BooleanSupplier dead, long micros, Consumer<Asked> tap)
            throws Killed {
        this.rules = rules;
        this.dead = dead;
        clock.micros = micros;
        known = highest(store);
        JournalSettings journal =
                JournalSettings.DEFAULT.withCommit(Duration.ZERO).withSnapshots(SNAPSHOT_EVENTS, Duration.ofHours(1));
        bus = new Bus(BusSettings.DEFAULT.withJournal(journal), store, clock, () -> clock.micros * 1_000);
        services = new Services(bus, rules.model(), dead, tap);
        DrivenRules begun = null;
        try {
            for (DeviceInfo device : rules.model().devices()) {
                bus.mailbox(device.id()).offline();
                bus.mailbox(device.id()).attend();
            }
            begun = new DrivenRules(services, services, services.journal(), services, SNAPSHOT_EVENTS);
            driven = begun;
            driven.activate(List.of(new SourceFile("rules/proof.rules", rules.text())), rules.model());
            settle();
            comeOnline();
            settle();
        } catch (Services.DeadException e) {
            if (begun != null) {
                begun.stop(); // nobody may read the files any more when others are put in their place
            }
            bus.stop();
            throw new Killed(services.take());
        }
    }

    private static long highest(JournalStore store) {
        long[] highest = {0};
        try {
            new JournalReader(store).read(1, event -> {
                highest[0] = Math.max(highest[0], number(event.fact()));
                return true;
            });
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
        return highest[0];
    }

    private static long number(Fact fact) {
        Value number = null;
        if (fact instanceof Fact.DeviceSignalled signalled) {
            number = signalled.arguments().get("count");
        } else if (fact instanceof Fact.ExternalFact external && external.type().equals(ACT)) {
            number = external.values().get("id");
        }
        return number instanceof Quantity q ? (long) q.number() : 0;
    }

    private void comeOnline() {
        for (DeviceInfo device : rules.model().devices()) {
            Mailbox mailbox = bus.mailbox(device.id());
            mailbox.publish(
                    new Fact.StatusChanged(device.id(), Status.CONNECTING, Status.ONLINE), Cause.device(device.id()));
            mailbox.online();
            mailbox.attend();
        }
    }

    @Override
    public long known() {
        return known;
    }

    @Override
    public long nextWake() {
        return driven.nextWake();
    }

    List<Standing> standings() {
        return driven.standings();
    }

    @Override
    public Answer step(long micros, List<Said> said) throws Killed {
        clock.micros = micros;
        try {
            if (driven.nextWake() <= micros) {
                bus.publish(new Fact.TimerElapsed(driven.nextWake()), Cause.CLOCK);
                settle();
            }
            for (Said each : said) {
                say(each);
            }
            settle();
        } catch (Services.DeadException e) {
            throw new Killed(services.take());
        }
        return new Answer(services.take(), driven.nextWake());
    }

    private void say(Said said) {
        if (said instanceof Reported report) {
            Mailbox mailbox = bus.mailbox(report.point().device());
            mailbox.report(report.point().point(), report.value(), Quality.GOOD, 0);
            mailbox.attend();
        } else if (said instanceof Signalled signal) {
            Mailbox mailbox = bus.mailbox(signal.device());
            mailbox.signal(signal.event(), Map.of("count", Quantity.of(signal.id())));
            mailbox.attend();
        } else if (said instanceof Acted act) {
            Map<String, Value> values =
                    Map.of("alarm", new Text(act.alarm()), "act", new Text(act.act()), "id", Quantity.of(act.id()));
            bus.publish(new Fact.ExternalFact(ACT, values), new Cause(0, Cause.Origin.USER, "ada", null));
        }
    }

    /** Returns when the rules have seen everything, what they put out is back, and all of it is on disk. */
    private void settle() {
        long end = System.nanoTime() + PATIENCE;
        while (!isQuiet()) {
            if (dead.getAsBoolean()) {
                throw new Services.DeadException();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing moves: event " + bus.lastSequence() + ", handled "
                        + driven.handled() + ", committed " + bus.committedSequence() + ", not told back "
                        + driven.unconfirmed());
            }
            LockSupport.parkNanos(20_000);
        }
    }

    private boolean isQuiet() {
        long last = bus.lastSequence();
        return bus.counters().waiting() == 0
                && driven.handled() >= last
                && driven.unconfirmed() == 0
                && services.acting() == 0
                && bus.committedSequence() >= last
                && bus.lastSequence() == last;
    }

    List<Event> events() {
        List<Event> all = new ArrayList<>();
        try {
            bus.read(1, all::add);
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    @Override
    public void close() {
        driven.stop();
        bus.stop();
    }
}
