package org.fieldhouse.isolation.child;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.isolation.wire.FromChild;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of a device in the process: what the device says goes to the house, which judges it; timers, tasks and threads are here
 * and end with the opening.
 */
final class ChildContext implements DeviceContext {
    private static final Logger LOG = LoggerFactory.getLogger(ChildContext.class);
    /** As in the house. */
    private static final int MAX_TASKS = 4096;

    private static final long JOIN_MILLIS = 2_000;

    private final DeviceId id;
    private final long opening;
    private final Outbox out;
    private final Lane lane;
    private final ScheduledExecutorService timers;
    private final @Nullable Device bridge;
    private final Set<Timer> running = new HashSet<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile boolean lost;

    ChildContext(
            DeviceId id,
            long opening,
            Outbox out,
            Lane lane,
            ScheduledExecutorService timers,
            @Nullable Device bridge) {
        this.id = id;
        this.opening = opening;
        this.out = out;
        this.lane = lane;
        this.timers = timers;
        this.bridge = bridge;
    }

    private void say(FromChild.Said said) {
        if (!ended) {
            out.say(said);
        }
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public void describe(DeviceDescription description) {
        say(new FromChild.Described(opening, description));
    }

    @Override
    public void report(String point, Value value) {
        report(point, value, Quality.GOOD, 0);
    }

    /** Stamped here: the way to the house takes time. */
    @Override
    public void report(String point, Value value, Quality quality, long sourceMicros) {
        if (!ended) {
            long source =
                    sourceMicros == 0 ? ChronoUnit.MICROS.between(Instant.EPOCH, clock().instant()) : sourceMicros;
            out.report(new FromChild.Reported(opening, point, value, quality, source));
        }
    }

    @Override
    public void reportBad(String point, String reason) {
        say(new FromChild.ReportedBad(opening, point, reason));
    }

    @Override
    public boolean signal(String event, Map<String, Value> arguments) {
        return ended || out.signal(new FromChild.Signalled(opening, event, Map.copyOf(arguments)));
    }

    @Override
    public void confirm(long command) {
        say(new FromChild.Confirmed(opening, command));
    }

    @Override
    public void fail(long command, String reason) {
        say(new FromChild.CommandFailed(opening, command, reason));
    }

    @Override
    public void status(Status status) {
        say(new FromChild.Condition(opening, status));
    }

    @Override
    public void childStatus(DeviceId child, Status status) {
        say(new FromChild.ChildCondition(opening, child, status));
    }

    @Override
    public void lost(String reason) {
        synchronized (this) {
            if (ended || lost) {
                return;
            }
            lost = true;
        }
        say(new FromChild.Lost(opening, reason));
    }

    @Override
    public void malformed(String what) {
        say(new FromChild.Malformed(opening, what));
    }

    @Override
    public void offer(Candidate candidate) {
        say(new FromChild.Offered(opening, candidate));
    }

    @Override
    public void withdraw(DeviceId candidate) {
        say(new FromChild.Withdrawn(opening, candidate));
    }

    @Override
    public <T extends Device> T bridge(Class<T> type) throws BindingException {
        if (bridge == null) {
            throw BindingException.permanent(
                    "it needs a bridge of its own feature, which runs in its process: add 'bridge:' to its entry");
        }
        if (!type.isInstance(bridge)) {
            throw BindingException.permanent("its bridge is no bridge for this device; it is a "
                    + bridge.getClass().getSimpleName());
        }
        return type.cast(bridge);
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
        if (lane.waiting() > MAX_TASKS) {
            lost("it is behind by " + MAX_TASKS + " tasks");
            return;
        }
        lane.execute(() -> runTask(task));
    }

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
            LOG.error("{}: a task of the device let an exception through", id, e);
            lost("its binding failed: " + e);
        }
    }

    @Override
    public void thread(String name, LaneTask loop) {
        Thread thread = new Thread(() -> runLoop(loop), id + "/" + name);
        thread.setDaemon(true);
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
                LOG.error("{}: a thread of the device let an exception through", id, e);
            }
            lost("its binding failed: " + e);
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    /** From now on everything does nothing; timers and threads are ended. On the lane. */
    void end() {
        Set<Timer> armed;
        synchronized (this) {
            ended = true;
            armed = Set.copyOf(running);
            running.clear();
        }
        armed.forEach(Timer::cancel);
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (thread.isAlive()) {
                LOG.warn("{}: thread {} ignores interruption; it goes on without effect", id, thread.getName());
            }
        }
    }

    private final class Timer implements Cancellable {
        private final LaneTask task;
        private final @Nullable Duration pause;
        private @Nullable Future<?> armed;
        private boolean cancelled;

        Timer(LaneTask task, @Nullable Duration pause) {
            this.task = task;
            this.pause = pause;
        }

        Timer start(Duration delay) {
            synchronized (ChildContext.this) {
                if (!ended && !cancelled) {
                    running.add(this);
                    try {
                        armed = timers.schedule(() -> lane.execute(this::fire), delay.toNanos(), TimeUnit.NANOSECONDS);
                    } catch (RejectedExecutionException e) {
                        running.remove(this); // the process ends
                    }
                }
            }
            return this;
        }

        private void fire() {
            synchronized (ChildContext.this) {
                if (cancelled) {
                    return;
                }
                if (pause == null) {
                    running.remove(this);
                }
            }
            runTask(task);
            if (pause != null && !lost) {
                start(pause);
            }
        }

        @Override
        public void cancel() {
            synchronized (ChildContext.this) {
                cancelled = true;
                running.remove(this);
                if (armed != null) {
                    armed.cancel(false);
                }
            }
        }
    }
}
