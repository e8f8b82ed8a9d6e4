package org.fieldhouse.runtime.host;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.runtime.bus.Mailbox;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a device: the context that its binding works with. All that the binding starts through it (timers, threads) is
 * kept here and ended with it; whatever is called afterwards does nothing.
 */
final class Opening implements DeviceContext {
    /** Lane tasks of one device that may wait; a device that is further behind is opened anew. */
    private static final int MAX_TASKS = 4096;

    private static final long JOIN_MILLIS = 2_000;

    final Device device;
    final Binding binding;
    final DeviceEntry entry;
    /** The opening of the bridge that this one stands on; null if reached directly. */
    final @Nullable Opening bridge;

    private final HostedDevice hosted;
    private final Set<Timer> timers = new HashSet<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile Map<String, PointSpec> points = Map.of();
    private volatile boolean ended;

    /** Whether {@link Device#open} has returned. */
    volatile boolean opened;
    /** Why it has to be closed; null while it need not. */
    volatile @Nullable String lost;
    /** What the device itself says of its condition. */
    volatile Status own = Status.ONLINE;

    Opening(HostedDevice hosted, Device device, Binding binding, DeviceEntry entry, @Nullable Opening bridge) {
        this.hosted = hosted;
        this.device = device;
        this.binding = binding;
        this.entry = entry;
        this.bridge = bridge;
    }

    // ---- what the device says

    @Override
    public DeviceId id() {
        return hosted.id();
    }

    @Override
    public Clock clock() {
        return hosted.host().clock();
    }

    @Override
    public void describe(DeviceDescription description) {
        if (ended) {
            return;
        }
        Map<String, PointSpec> specs = new HashMap<>();
        description.points().forEach(p -> specs.put(p.name(), p));
        points = specs;
        hosted.described(description);
    }

    @Override
    public void report(String point, Value value) {
        report(point, value, Quality.GOOD, 0);
    }

    @Override
    public void report(String point, Value value, Quality quality, long sourceMicros) {
        if (ended) {
            return;
        }
        PointSpec spec = points.get(point);
        if (spec == null) {
            hosted.counters().undescribed();
            return;
        }
        Value fitting = fit(spec, value);
        Mailbox mailbox = hosted.mailbox();
        try {
            if (fitting == null) {
                mailbox.report(point, null, Quality.BAD, sourceMicros);
            } else {
                mailbox.report(point, fitting, quality, sourceMicros);
                if (quality.isGood()) {
                    hosted.host().commands().reported(hosted.id(), spec, fitting);
                }
            }
        } finally {
            mailbox.attend();
        }
    }

    /** The value in the point's unit; null if it does not fit, which was counted. */
    private @Nullable Value fit(PointSpec spec, Value value) {
        ValueSpec wanted = spec.value();
        boolean plain = value instanceof Quantity q
                && q.unit() == wanted.unit()
                && wanted.min() == null
                && wanted.max() == null;
        if (plain || value instanceof Bool && wanted.kind() == ValueKind.BOOL) {
            return value; // nearly all reports, and this is on their path
        }
        Optional<String> violation = wanted.violation(value);
        if (violation.isPresent()) {
            hosted.malformed(spec.name() + ": " + violation.get());
            return null;
        }
        return value instanceof Quantity q && wanted.unit() != null ? q.in(wanted.unit()) : value;
    }

    @Override
    public void reportBad(String point, String reason) {
        if (ended) {
            return;
        }
        if (points.get(point) == null) {
            hosted.counters().undescribed();
            return;
        }
        hosted.malformed(point + ": " + reason);
        hosted.mailbox().report(point, null, Quality.BAD, 0);
        hosted.mailbox().attend();
    }

    @Override
    public boolean signal(String event, Map<String, Value> arguments) {
        if (ended) {
            return true;
        }
        boolean taken = hosted.mailbox().signal(event, arguments);
        hosted.mailbox().attend();
        return taken;
    }

    @Override
    public void confirm(long command) {
        if (!ended) {
            hosted.host().commands().answered(hosted.id(), command, CommandResult.CONFIRMED);
        }
    }

    @Override
    public void fail(long command, String reason) {
        if (!ended) {
            hosted.host().commands().answered(hosted.id(), command, CommandResult.failed(reason));
        }
    }

    @Override
    public void status(Status status) {
        if (!ended) {
            own = status;
            hosted.refreshStatus();
        }
    }

    @Override
    public void childStatus(DeviceId child, Status status) {
        if (!ended) {
            hosted.host().childStatus(hosted, child, status);
        }
    }

    @Override
    public void lost(String reason) {
        synchronized (this) {
            if (ended || lost != null) {
                return;
            }
            lost = reason;
        }
        hosted.poke();
    }

    @Override
    public void malformed(String what) {
        if (!ended) {
            hosted.malformed(what);
        }
    }

    @Override
    public void offer(Candidate candidate) {
        if (!ended) {
            hosted.host().discovery().offer(hosted.id(), candidate);
        }
    }

    @Override
    public void withdraw(DeviceId candidate) {
        if (!ended) {
            hosted.host().discovery().withdraw(hosted.id(), candidate);
        }
    }

    @Override
    public <T extends Device> T bridge(Class<T> type) throws BindingException {
        if (bridge == null) {
            throw BindingException.permanent("it needs a bridge: add 'bridge:' to its entry");
        }
        if (!type.isInstance(bridge.device)) {
            throw BindingException.permanent(hosted.bridgeName() + " is no bridge for this device; it is a "
                    + bridge.device.getClass().getSimpleName());
        }
        return type.cast(bridge.device);
    }

    // ---- timers, tasks, threads

    @Override
    public Cancellable after(Duration delay, LaneTask task) {
        return new Timer(task, null).start(delay);
    }

    @Override
    public Cancellable every(Duration pause, LaneTask task) {
        return new Timer(task, pause).start(pause);
    }

    @Override
    public void execute(LaneTask task) {
        if (ended) {
            return;
        }
        if (hosted.tasksWaiting() > MAX_TASKS) {
            lost("it is behind by " + MAX_TASKS + " tasks");
            return;
        }
        hosted.onLane(() -> runTask(task));
    }

    /** On the lane. */
    private void runTask(LaneTask task) {
        if (ended) {
            return;
        }
        try {
            task.run();
        } catch (BindingException e) {
            lost(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            lost("given up: a task did not end in time");
        } catch (RuntimeException | Error e) {
            hosted.failed("a task of the device", e);
            lost(HostedDevice.threw(e));
        }
    }

    @Override
    public void thread(String name, LaneTask loop) {
        Thread thread = new Thread(() -> runLoop(loop), hosted.id() + "/" + name);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        synchronized (this) {
            if (ended) {
                return;
            }
            threads.add(thread);
        }
        thread.start();
    }

    private void runLoop(LaneTask loop) {
        try {
            loop.run();
        } catch (BindingException e) {
            lost(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            lost("its reader was interrupted");
        } catch (RuntimeException | Error e) {
            if (!ended) {
                hosted.failed("a thread of the device", e);
            }
            lost(HostedDevice.threw(e));
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    /** From now on everything does nothing. */
    void end() {
        Set<Timer> running;
        synchronized (this) {
            ended = true;
            running = Set.copyOf(timers);
            timers.clear();
        }
        running.forEach(Timer::cancel);
        points = Map.of();
    }

    /**
     * Interrupts and joins the device's own threads.
     *
     * @return the names of those that ignored it
     */
    List<String> joinThreads() {
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
        for (Thread thread : threads) {
            if (thread == Thread.currentThread()) {
                continue;
            }
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        List<Thread> stuck = threads.stream().filter(Thread::isAlive).toList();
        stuck.forEach(thread -> WrittenOff.mark(thread, binding, id()));
        return stuck.stream().map(Thread::getName).toList();
    }

    private final class Timer implements Cancellable {
        private final LaneTask task;
        private final @Nullable Duration pause;
        private volatile boolean cancelled;
        private @Nullable Cancellable armed;

        Timer(LaneTask task, @Nullable Duration pause) {
            this.task = task;
            this.pause = pause;
        }

        Timer start(Duration delay) {
            synchronized (Opening.this) {
                if (ended || cancelled) {
                    return this;
                }
                timers.add(this);
                armed = hosted.host().scheduler().after(delay, () -> hosted.onLane(this::fire));
            }
            return this;
        }

        private void fire() {
            if (cancelled) {
                return;
            }
            if (pause == null) {
                forget();
            }
            runTask(task);
            if (pause != null && lost == null) {
                start(pause);
            }
        }

        private void forget() {
            synchronized (Opening.this) {
                timers.remove(this);
            }
        }

        @Override
        public void cancel() {
            Cancellable running;
            synchronized (Opening.this) {
                cancelled = true;
                timers.remove(this);
                running = armed;
            }
            if (running != null) {
                running.cancel();
            }
        }
    }
}
