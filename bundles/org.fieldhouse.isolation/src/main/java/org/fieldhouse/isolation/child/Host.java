package org.fieldhouse.isolation.child;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.FromChild.Failed.Kind;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices of the process: does what the house asks, each device on its lane. {@link #take} is called by one thread. */
final class Host {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);
    /** Lanes that may block at once. */
    private static final int THREADS = 32;

    private final Outbox out;
    private final Map<Integer, Binding> bindings = new ConcurrentHashMap<>();
    private final Map<Long, Guest> guests = new ConcurrentHashMap<>();
    /** Where a call is under way or waits. */
    private final Map<Long, Lane> calls = new ConcurrentHashMap<>();

    private final AtomicInteger numbers = new AtomicInteger();
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timers;

    Host(Outbox out) {
        this.out = out;
        AtomicInteger thread = new AtomicInteger();
        pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread t = new Thread(task, "lane-" + thread.incrementAndGet());
            t.setDaemon(true);
            return t;
        });
        pool.allowCoreThreadTimeOut(true);
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread t = new Thread(task, "timers");
            t.setDaemon(true);
            return t;
        });
        timers.setRemoveOnCancelPolicy(true);
    }

    /** A binding is there. @return its number */
    int add(Binding binding) {
        int number = numbers.incrementAndGet();
        bindings.put(number, binding);
        out.say(new FromChild.Bound(number, binding.id(), binding.types()));
        return number;
    }

    /** A binding is gone. */
    void remove(int number) {
        if (bindings.remove(number) != null) {
            out.say(new FromChild.Unbound(number));
        }
    }

    void take(ToChild message) {
        if (message instanceof ToChild.Create m) {
            Lane lane = new Lane(pool);
            calls.put(m.call(), lane);
            lane.execute(m.call(), () -> run(m.call(), () -> create(m, lane)), () -> cancelled(m.call()));
        } else if (message instanceof ToChild.Open m) {
            onLane(m.call(), m.device(), guest -> {
                guest.device.open(opened(guest, m.call(), m.bridge()));
                return new FromChild.Done(m.call());
            });
        } else if (message instanceof ToChild.TakeOver m) {
            onLane(m.call(), m.device(), guest -> takeOver(guest, m));
        } else if (message instanceof ToChild.Handle m) {
            onLane(m.call(), m.device(), guest -> {
                guest.device.handle(m.command());
                return new FromChild.Done(m.call());
            });
        } else if (message instanceof ToChild.Close m) {
            onLane(m.call(), m.device(), guest -> close(guest, m.call()));
        } else if (message instanceof ToChild.Quiesce m) {
            onLane(m.call(), m.device(), guest -> {
                if (guest.context != null && guest.device instanceof Swappable swappable) {
                    swappable.quiesce();
                }
                return new FromChild.Done(m.call());
            });
        } else if (message instanceof ToChild.GiveOver m) {
            onLane(m.call(), m.device(), guest -> giveOver(guest, m.call()));
        } else if (message instanceof ToChild.Link m) {
            link(m);
        } else if (message instanceof ToChild.Cancel m) {
            Lane lane = calls.get(m.call());
            if (lane != null) {
                lane.cancel(m.call());
            }
        } else if (message instanceof ToChild.Forget m) {
            guests.remove(m.device());
        }
    }

    // ---- on a lane

    /** Something that a device does. */
    private interface Deed {
        FromChild.@Nullable Reply on(Guest guest) throws BindingException, InterruptedException;
    }

    /** Something that ends in an answer. */
    private interface Answering {
        FromChild.@Nullable Reply answer() throws BindingException, InterruptedException;
    }

    private void onLane(long call, long device, Deed deed) {
        Guest guest = guests.get(device);
        if (guest == null) {
            out.say(new FromChild.Failed(call, Kind.TROUBLE, "the process does not know this device"));
            return;
        }
        calls.put(call, guest.lane);
        guest.lane.execute(call, () -> run(call, () -> deed.on(guest)), () -> cancelled(call));
    }

    private void cancelled(long call) {
        calls.remove(call);
        out.say(new FromChild.Failed(call, Kind.INTERRUPTED, "given up before its turn came"));
    }

    private void run(long call, Answering task) {
        FromChild.@Nullable Reply reply;
        try {
            reply = task.answer();
        } catch (BindingException e) {
            reply = new FromChild.Failed(call, e.isPermanent() ? Kind.PERMANENT : Kind.TROUBLE, text(e));
        } catch (InterruptedException e) {
            reply = new FromChild.Failed(call, Kind.INTERRUPTED, "given up");
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.error("The binding let an exception through", e);
            reply = new FromChild.Failed(call, Kind.THREW, e.toString());
        }
        calls.remove(call);
        if (reply != null) {
            out.say(reply);
        }
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private FromChild.Reply create(ToChild.Create m, Lane lane) {
        Binding binding = bindings.get(m.binding());
        if (binding == null) {
            return new FromChild.Failed(m.call(), Kind.TROUBLE, "the binding is gone");
        }
        // The place is found again by its path, in the house.
        Settings settings =
                new Settings(present(m.settings()), path -> SourceSpan.file(path), name -> Optional.ofNullable(
                                m.secrets().get(name))
                        .map(Secret::new));
        try {
            Device device = binding.create(new DeviceConfig(m.id(), m.name(), m.type(), m.bridge(), settings));
            guests.put(m.call(), new Guest(m.id(), device, lane));
            return new FromChild.Created(
                    m.call(),
                    settings.unread(),
                    settings.known(),
                    device instanceof Swappable,
                    device instanceof LinkCapable);
        } catch (SettingsException e) {
            return new FromChild.Refused(m.call(), e.place().file(), text(e));
        }
    }

    @SuppressWarnings({"NullAway", "unchecked"
    }) // what the owner wrote has no nulls; a reader could meet one, and refuses it here
    private static Map<String, Object> present(Map<String, ?> settings) {
        return Map.copyOf((Map<String, Object>) settings);
    }

    private ChildContext opened(Guest guest, long opening, long bridge) {
        Guest over = guests.get(bridge);
        ChildContext context =
                new ChildContext(guest.id, opening, out, guest.lane, timers, over == null ? null : over.device);
        guest.context = context;
        return context;
    }

    private FromChild.Reply takeOver(Guest guest, ToChild.TakeOver m) throws BindingException, InterruptedException {
        if (!(guest.device instanceof Swappable swappable)) {
            return new FromChild.Answer(m.call(), false);
        }
        ChildContext context = opened(guest, m.call(), m.bridge());
        boolean taken = false;
        try {
            taken = swappable.takeOver(context, new HandOver(m.version(), m.state()));
        } finally {
            if (!taken) {
                context.end();
                guest.context = null;
            }
        }
        return new FromChild.Answer(m.call(), taken);
    }

    private static FromChild.Reply close(Guest guest, long call) {
        ChildContext context = guest.context;
        if (context != null) {
            guest.context = null;
            try {
                guest.device.close();
            } finally {
                context.end();
            }
        }
        return new FromChild.Done(call);
    }

    private static FromChild.Reply giveOver(Guest guest, long call) throws BindingException, InterruptedException {
        ChildContext context = guest.context;
        if (context == null || !(guest.device instanceof Swappable swappable)) {
            throw new BindingException("it is not open");
        }
        HandOver left = swappable.handOver();
        guest.context = null;
        context.end();
        if (!left.transports().isEmpty()) {
            left.transports().forEach(Host::drop);
            throw new BindingException("its connections cannot leave its process");
        }
        return new FromChild.Given(call, left.version(), left.state());
    }

    private static void drop(Closeable transport) {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.debug("A connection does not close: {}", e.getMessage());
        }
    }

    private void link(ToChild.Link m) {
        onLane(m.call(), m.device(), guest -> {
            if (!(guest.device instanceof LinkCapable capable)) {
                throw new BindingException("it cannot command another device itself");
            }
            CompletionStage<?> stage =
                    switch (m.verb()) {
                        case PROGRAM -> capable.program(m.link());
                        case REMOVE -> capable.remove(m.link());
                        case VERIFY -> capable.verify(m.link());
                    };
            stage.whenComplete((answer, failure) -> out.say(answer(m.call(), answer, failure)));
            return null; // comes when the machine has answered
        });
    }

    private static FromChild.Reply answer(long call, @Nullable Object answer, @Nullable Throwable failure) {
        if (failure == null) {
            return new FromChild.Answer(call, !Boolean.FALSE.equals(answer));
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BindingException e) {
            return new FromChild.Failed(call, e.isPermanent() ? Kind.PERMANENT : Kind.TROUBLE, text(e));
        }
        return new FromChild.Failed(call, Kind.THREW, cause.toString());
    }

    /** Ends everything that is open, bridges last. */
    void close() {
        List<Guest> open = List.copyOf(guests.values());
        open.forEach(guest -> guest.lane.execute(() -> close(guest, 0)));
        timers.shutdownNow();
        pool.shutdown();
        try {
            if (!pool.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("Not everything closes; the process ends all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
