package org.fieldhouse.binding.mqtt;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;

/**
 * A runtime for one device: a real lane, and everything it said kept for the test. It has no threads to give, since no device of this
 * binding asks for one: a test of one that does fails here.
 */
final class FakeContext implements DeviceContext, AutoCloseable {
    record Report(String point, Value value, Quality quality, long sourceMicros) {}

    record Signal(String event, Map<String, Value> arguments) {}

    final Device device;
    final List<Report> reports = new CopyOnWriteArrayList<>();
    final List<Signal> signals = new CopyOnWriteArrayList<>();
    final List<String> malformed = new CopyOnWriteArrayList<>();
    final List<String> lost = new CopyOnWriteArrayList<>();
    final List<Status> statuses = new CopyOnWriteArrayList<>();
    final List<Long> confirmed = new CopyOnWriteArrayList<>();
    final Map<Long, String> failed = new ConcurrentHashMap<>();
    final Map<String, Value> values = new ConcurrentHashMap<>();
    final Map<String, String> bad = new ConcurrentHashMap<>();
    final Map<DeviceId, Status> children = new ConcurrentHashMap<>();
    final Map<DeviceId, Candidate> candidates = new ConcurrentHashMap<>();
    volatile DeviceDescription description = DeviceDescription.EMPTY;

    private final DeviceId id;
    private final Device bridge;
    private final ScheduledExecutorService lane = new ScheduledThreadPoolExecutor(1);
    private volatile boolean closed;
    private long commands;

    FakeContext(String id, Device device, Device bridge) {
        this.id = new DeviceId(id);
        this.device = device;
        this.bridge = bridge;
    }

    /** Opens the device on its lane. */
    FakeContext open() throws BindingException, InterruptedException {
        onLane(() -> device.open(this));
        return this;
    }

    /** The device leaves, as it does when its binding is replaced; {@code closing} is what its children do meanwhile. */
    HandOver leave(Runnable closing) throws BindingException, InterruptedException {
        Swappable leaving = (Swappable) device;
        HandOver[] left = new HandOver[1];
        onLane(leaving::quiesce);
        closing.run();
        onLane(() -> left[0] = leaving.handOver());
        closed = true;
        lane.shutdownNow();
        return left[0];
    }

    /** Opens the device with what another one left. */
    FakeContext takeOver(HandOver left) throws BindingException, InterruptedException {
        boolean[] taken = new boolean[1];
        onLane(() -> taken[0] = ((Swappable) device).takeOver(this, left));
        if (!taken[0]) {
            throw new IllegalStateException("not taken over");
        }
        return this;
    }

    long set(String point, Value value) throws BindingException, InterruptedException {
        return set(point, value, Map.of());
    }

    long set(String point, Value value, Map<String, Value> parameters) throws BindingException, InterruptedException {
        return send(new Request.SetPoint(new PointId(id, point), value, 12, null, parameters));
    }

    long call(String action, Map<String, Value> arguments) throws BindingException, InterruptedException {
        return send(new Request.CallAction(id, action, arguments));
    }

    long send(Request request) throws BindingException, InterruptedException {
        Command command = new Command(++commands, request, Cause.RUNTIME, 0, 0);
        onLane(() -> device.handle(command));
        return command.id();
    }

    private void onLane(LaneTask task) throws BindingException, InterruptedException {
        Future<?> f = lane.submit(() -> {
            task.run();
            return null;
        });
        try {
            f.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BindingException b) {
                throw b;
            }
            throw new IllegalStateException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            onLane(device::close);
        } catch (BindingException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            closed = true;
            lane.shutdownNow();
        }
    }

    List<Value> all(String point) {
        List<Value> out = new ArrayList<>();
        reports.stream().filter(r -> r.point().equals(point)).forEach(r -> out.add(r.value()));
        return out;
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
    public void describe(DeviceDescription said) {
        description = said;
    }

    @Override
    public void report(String point, Value value) {
        report(point, value, Quality.GOOD, 0);
    }

    @Override
    public void report(String point, Value value, Quality quality, long sourceMicros) {
        if (!closed) {
            values.put(point, value);
            bad.remove(point);
            reports.add(new Report(point, value, quality, sourceMicros));
        }
    }

    @Override
    public void reportBad(String point, String reason) {
        bad.put(point, reason);
        malformed.add(point + ": " + reason); // as the runtime counts it
    }

    @Override
    public boolean signal(String event, Map<String, Value> arguments) {
        return signals.add(new Signal(event, arguments));
    }

    @Override
    public void confirm(long command) {
        confirmed.add(command);
    }

    @Override
    public void fail(long command, String reason) {
        failed.put(command, reason);
    }

    @Override
    public void status(Status status) {
        statuses.add(status);
    }

    @Override
    public void childStatus(DeviceId child, Status status) {
        children.put(child, status);
    }

    @Override
    public void lost(String reason) {
        lost.add(reason);
    }

    @Override
    public void malformed(String what) {
        malformed.add(what);
    }

    @Override
    public void offer(Candidate candidate) {
        candidates.put(candidate.id(), candidate);
    }

    @Override
    public void withdraw(DeviceId candidate) {
        candidates.remove(candidate);
    }

    @Override
    public <T extends Device> T bridge(Class<T> type) throws BindingException {
        if (!type.isInstance(bridge)) {
            throw BindingException.permanent("the bridge is no " + type.getSimpleName());
        }
        return type.cast(bridge);
    }

    @Override
    public Cancellable after(Duration delay, LaneTask task) {
        Future<?> f = lane.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> f.cancel(false);
    }

    @Override
    public Cancellable every(Duration pause, LaneTask task) {
        Future<?> f = lane.scheduleWithFixedDelay(
                () -> guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        return () -> f.cancel(false);
    }

    @Override
    public void execute(LaneTask task) {
        if (!closed) {
            lane.execute(() -> guarded(task));
        }
    }

    private void guarded(LaneTask task) {
        try {
            task.run();
        } catch (BindingException | RuntimeException e) {
            lost(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void thread(String name, LaneTask loop) {
        throw new UnsupportedOperationException();
    }
}
