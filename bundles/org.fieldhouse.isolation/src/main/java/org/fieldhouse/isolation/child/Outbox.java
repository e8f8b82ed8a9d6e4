package org.fieldhouse.isolation.child;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.isolation.wire.FromChild;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be said to the house, in order. While a report of a point waits, and its device has said nothing else since, the newest
 * takes its place: the same rule as in the house's mailbox. Thread-safe.
 */
final class Outbox {
    /** Beyond so many, whoever says something waits. */
    private static final int MOST = 4096;
    /** Beyond so many, signals are refused. */
    private static final int SIGNALS = 1024;

    private final Deque<Entry> waiting = new ArrayDeque<>();
    /** By opening: the reports that a newer one may still replace. */
    private final Map<Long, Map<String, Entry>> replaceable = new HashMap<>();

    private boolean closed;

    private static final class Entry {
        FromChild message;

        Entry(FromChild message) {
            this.message = message;
        }
    }

    /** Waits while too much waits. */
    synchronized void report(FromChild.Reported report) {
        Map<String, Entry> points = replaceable.computeIfAbsent(report.opening(), o -> new HashMap<>());
        Entry earlier = points.get(report.point());
        if (earlier != null) {
            earlier.message = report;
            return;
        }
        Entry entry = new Entry(report);
        if (append(entry)) {
            replaceable.computeIfAbsent(report.opening(), o -> new HashMap<>()).put(report.point(), entry);
        }
    }

    /** @return false if too many wait, and nothing was taken */
    synchronized boolean signal(FromChild.Signalled signal) {
        if (waiting.size() >= SIGNALS) {
            return false;
        }
        say(signal);
        return true;
    }

    /** Waits while too much waits. */
    synchronized void say(FromChild message) {
        if (message instanceof FromChild.Said said) {
            replaceable.remove(said.opening());
        }
        append(new Entry(message));
    }

    /** Answers of the process's own reader, which must not wait for the house to read. */
    synchronized void sayAtOnce(FromChild message) {
        waiting.add(new Entry(message));
        notifyAll();
    }

    private boolean append(Entry entry) {
        boolean interrupted = false;
        while (waiting.size() >= MOST && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // what was said is said: the house will end what takes too long
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (closed) {
            return false;
        }
        waiting.add(entry);
        notifyAll();
        return true;
    }

    /** The next one; waits for it. Null when there will be none. */
    synchronized @Nullable FromChild take() throws InterruptedException {
        while (waiting.isEmpty()) {
            if (closed) {
                return null;
            }
            wait();
        }
        Entry entry = waiting.remove();
        if (entry.message instanceof FromChild.Reported report) {
            Map<String, Entry> points = replaceable.get(report.opening());
            if (points != null && points.remove(report.point(), entry) && points.isEmpty()) {
                replaceable.remove(report.opening());
            }
        }
        notifyAll();
        return entry.message;
    }

    /** What waits is still taken; nothing is added. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
