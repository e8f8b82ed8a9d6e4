package org.fieldhouse.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.value.Quantity;

/** Events in memory. */
final class FakeJournal implements Journal {
    private final List<Event> events = new ArrayList<>();
    private long micros = 1_790_000_000_000_000L;
    volatile long retained;

    static State state(double value, long at) {
        return new State(Quantity.of(value), Quality.GOOD, at, at);
    }

    synchronized FakeJournal at(Instant time) {
        micros = time.getEpochSecond() * 1_000_000 - 1_000;
        return this;
    }

    synchronized void add(Fact fact) {
        micros += 1_000;
        events.add(new Event(events.size() + 1L, micros, Cause.RUNTIME, fact));
    }

    synchronized void report(PointId point, double value) {
        add(new Fact.StateChanged(point, State.NONE, state(value, micros + 1_000)));
    }

    synchronized void beginAnew() {
        events.clear();
    }

    @Override
    public synchronized Optional<Event> event(long sequence) {
        return Optional.of(events.get((int) sequence - 1));
    }

    @Override
    public void read(long fromSequence, Predicate<Event> reader) {
        List<Event> rest;
        synchronized (this) {
            rest = new ArrayList<>(events.subList((int) Math.min(fromSequence - 1, events.size()), events.size()));
        }
        for (Event each : rest) {
            if (!reader.test(each)) {
                return;
            }
        }
    }

    @Override
    public synchronized OptionalLong sequenceAt(long atMicros) {
        return events.stream()
                .filter(e -> e.timeMicros() >= atMicros)
                .mapToLong(Event::sequence)
                .findFirst();
    }

    @Override
    public synchronized long committedSequence() {
        return events.size();
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putSnapshotAhead(String name, byte[] data) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Snapshot> snapshots(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void retain(String who, long fromSequence) {
        retained = fromSequence;
    }
}
