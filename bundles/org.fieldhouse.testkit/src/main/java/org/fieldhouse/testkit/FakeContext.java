package org.fieldhouse.testkit;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * A context that writes down what a device says, and whose lane and time the test moves by hand. What the device says from
 * threads of its own is taken too; lane tasks run in {@link #run} and {@link #advance} alone, on the test's thread.
 *
 * <p>Like the runtime it refuses nothing, and like the runtime it does nothing after {@link #close}.
 */
public final class FakeContext implements DeviceContext, AutoCloseable {
    /** A report as the device made it. */
    public record Report(String point, @Nullable Value value, Quality quality, long sourceMicros) {}

    /** Something the device said once. */
    public record Signal(String event, Map<String, Value> arguments) {}

    /** The end that a device told of a command; the reason is empty if it was confirmed. */
    public record Answer(long command, boolean confirmed, String reason) {}

    private record Due(long atNanos, long order, Timer timer) {}

    private static final long JOIN_MILLIS = 2_000;

    private final DeviceId id;
    private final FakeClock clock;
    private final @Nullable Device bridge;
    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private final List<Signal> signals = new CopyOnWriteArrayList<>();
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final List<String> malformed = new CopyOnWriteArrayList<>();
    private final List<Status> statuses = new CopyOnWriteArrayList<>();
    private final Map<DeviceId, Status> childStatuses = new LinkedHashMap<>();
    private final Map<DeviceId, Candidate> candidates = new LinkedHashMap<>();
    private final List<LaneTask> ready = new ArrayList<>();
    private final List<Due> timers = new ArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private DeviceDescription description = DeviceDescription.EMPTY;
    private @Nullable String lost;
    private long nanos;
    private long order;
    private volatile boolean closed;

    public FakeContext(DeviceId id) {
        this(id, new FakeClock(), null);
    }

    /** @param bridge what {@link #bridge} gives; null for a device that is reached directly */
    public FakeContext(DeviceId id, FakeClock clock, @Nullable Device bridge) {
        this.id = id;
        this.clock = clock;
        this.bridge = bridge;
    }

    // ---- what the test reads

    /** All reports, in order. */
    public List<Report> reports() {
        return List.copyOf(reports);
    }

    /** The last good value of a point. */
    public Optional<Value> last(String point) {
        Optional<Value> found = Optional.empty();
        for (Report report : reports) {
            if (report.point.equals(point) && report.quality.isGood() && report.value != null) {
                found = Optional.of(report.value);
            }
        }
        return found;
    }

    public List<Signal> signals() {
        return List.copyOf(signals);
    }

    public List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** What was skipped as bad input. */
    public List<String> malformed() {
        return List.copyOf(malformed);
    }

    /** What the device said of its own condition. */
    public List<Status> statuses() {
        return List.copyOf(statuses);
    }

    public synchronized Map<DeviceId, Status> childStatuses() {
        return Map.copyOf(childStatuses);
    }

    /** What was offered and not withdrawn. */
    public synchronized List<Candidate> candidates() {
        return List.copyOf(candidates.values());
    }

    public synchronized DeviceDescription description() {
        return description;
    }

    /** Why the device gave its connection up; null if it did not. */
    public synchronized @Nullable String lost() {
        return lost;
    }

    /** Reports that the runtime would not take: of points that are not described, or of values that do not fit. */
    public List<Report> unfit() {
        DeviceDescription now = description();
        return reports.stream()
                .filter(r -> {
                    Optional<PointSpec> spec = now.point(r.point);
                    return spec.isEmpty()
                            || r.value != null
                                    && spec.get().value().violation(r.value).isPresent();
                })
                .toList();
    }

    // ---- what the test moves

    /** Runs the lane tasks that wait, and those they add. */
    public void run() throws BindingException, InterruptedException {
        while (true) {
            LaneTask next;
            synchronized (this) {
                if (ready.isEmpty()) {
                    return;
                }
                next = ready.remove(0);
            }
            next.run();
        }
    }

    /** Moves the clock, and runs the timers that come due, each at its time. */
    public void advance(Duration by) throws BindingException, InterruptedException {
        long end = nanos + by.toNanos();
        run();
        while (true) {
            Due next;
            synchronized (this) {
                next = timers.stream()
                        .filter(d -> d.atNanos <= end)
                        .min(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order))
                        .orElse(null);
                if (next == null) {
                    break;
                }
                timers.remove(next);
            }
            moveTo(next.atNanos);
            next.timer.fire();
            run();
        }
        moveTo(end);
    }

    private void moveTo(long to) {
        clock.advance(Duration.ofNanos(to - nanos));
        nanos = to;
    }

    /** Timers that are armed. */
    public synchronized int timers() {
        return timers.size();
    }

    /** Ends everything, as the runtime does after {@link Device#close}. Threads that ignore interruption stay in {@link #alive}. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            ready.clear();
            timers.clear();
        }
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Names of the context's threads that still run. */
    public List<String> alive() {
        return threads.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }

    // ---- DeviceContext

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public synchronized void describe(DeviceDescription newDescription) {
        if (!closed) {
            description = newDescription;
        }
    }

    @Override
    public void report(String point, Value value) {
        report(point, value, Quality.GOOD, 0);
    }

    @Override
    public void report(String point, Value value, Quality quality, long sourceMicros) {
        if (!closed) {
            reports.add(new Report(point, value, quality, sourceMicros));
        }
    }

    @Override
    public void reportBad(String point, String reason) {
        if (!closed) {
            reports.add(new Report(point, null, Quality.BAD, 0));
            malformed.add(point + ": " + reason);
        }
    }

    @Override
    public boolean signal(String event, Map<String, Value> arguments) {
        if (!closed) {
            signals.add(new Signal(event, Map.copyOf(arguments)));
        }
        return true;
    }

    @Override
    public void confirm(long command) {
        if (!closed) {
            answers.add(new Answer(command, true, ""));
        }
    }

    @Override
    public void fail(long command, String reason) {
        if (!closed) {
            answers.add(new Answer(command, false, reason));
        }
    }

    @Override
    public void status(Status status) {
        if (!closed) {
            statuses.add(status);
        }
    }

    @Override
    public synchronized void childStatus(DeviceId child, Status status) {
        if (!closed) {
            childStatuses.put(child, status);
        }
    }

    @Override
    public synchronized void lost(String reason) {
        if (!closed && lost == null) {
            lost = reason;
        }
    }

    @Override
    public void malformed(String what) {
        if (!closed) {
            malformed.add(what);
        }
    }

    @Override
    public synchronized void offer(Candidate candidate) {
        if (!closed) {
            candidates.put(candidate.id(), candidate);
        }
    }

    @Override
    public synchronized void withdraw(DeviceId candidate) {
        if (!closed) {
            candidates.remove(candidate);
        }
    }

    @Override
    public <T extends Device> T bridge(Class<T> type) throws BindingException {
        if (!type.isInstance(bridge)) {
            throw BindingException.permanent("there is no bridge of class " + type.getSimpleName());
        }
        return type.cast(bridge);
    }

    @Override
    public Cancellable after(Duration delay, LaneTask task) {
        return new Timer(task, null).arm(delay);
    }

    @Override
    public Cancellable every(Duration pause, LaneTask task) {
        return new Timer(task, pause).arm(pause);
    }

    @Override
    public synchronized void execute(LaneTask task) {
        if (!closed) {
            ready.add(task);
        }
    }

    @Override
    public void thread(String name, LaneTask loop) {
        if (closed) {
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (BindingException | RuntimeException e) {
                        lost(String.valueOf(e.getMessage()));
                    } catch (InterruptedException e) {
                        lost("interrupted");
                    }
                },
                id + "/" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private final class Timer implements Cancellable {
        private final LaneTask task;
        private final @Nullable Duration pause;
        private boolean cancelled;

        Timer(LaneTask task, @Nullable Duration pause) {
            this.task = task;
            this.pause = pause;
        }

        Timer arm(Duration delay) {
            synchronized (FakeContext.this) {
                if (!closed && !cancelled) {
                    timers.add(new Due(nanos + delay.toNanos(), order++, this));
                }
            }
            return this;
        }

        void fire() throws BindingException, InterruptedException {
            task.run();
            if (pause != null) {
                arm(pause);
            }
        }

        @Override
        public void cancel() {
            synchronized (FakeContext.this) {
                cancelled = true;
                timers.removeIf(d -> d.timer == this);
            }
        }
    }
}
