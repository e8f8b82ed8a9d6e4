package org.fieldhouse.isolation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.ToChild;
import org.fieldhouse.isolation.wire.ToChild.Link.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device of one process, as the house sees it: each call waits on the device's lane for the process's answer. It is {@link Swappable}
 * and {@link LinkCapable} if the device in the process is, see {@link #of}.
 */
class IsolatedDevice implements Device {
    private static final Logger LOG = LoggerFactory.getLogger(IsolatedDevice.class);
    /** The device host interrupts before: these are for a host that does not. */
    private static final Duration OPEN = Duration.ofSeconds(70);

    private static final Duration HANDLE = Duration.ofSeconds(40);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration QUIESCE = Duration.ofSeconds(1);
    private static final Duration GIVE = Duration.ofSeconds(10);
    private static final Duration LINK = Duration.ofSeconds(35);

    private final Line line;
    private final IsolatedBinding binding;
    private final DeviceConfig config;
    private volatile long number;
    /** Of the lane: the opening in the process; 0 while it is closed. */
    private long opening;

    private IsolatedDevice(Line line, IsolatedBinding binding, DeviceConfig config, IsolatedBinding.Made made) {
        this.line = line;
        this.binding = binding;
        this.config = config;
        this.number = made.number();
    }

    static IsolatedDevice of(Line line, IsolatedBinding binding, DeviceConfig config, IsolatedBinding.Made made) {
        if (made.swappable()) {
            return made.linkCapable()
                    ? new SwappableLinkCapable(line, binding, config, made)
                    : new SwappableOne(line, binding, config, made);
        }
        return made.linkCapable()
                ? new LinkCapableOne(line, binding, config, made)
                : new IsolatedDevice(line, binding, config, made);
    }

    private static final class SwappableOne extends IsolatedDevice implements Swappable {
        SwappableOne(Line line, IsolatedBinding binding, DeviceConfig config, IsolatedBinding.Made made) {
            super(line, binding, config, made);
        }
    }

    private static final class LinkCapableOne extends IsolatedDevice implements LinkCapable {
        LinkCapableOne(Line line, IsolatedBinding binding, DeviceConfig config, IsolatedBinding.Made made) {
            super(line, binding, config, made);
        }
    }

    private static final class SwappableLinkCapable extends IsolatedDevice implements Swappable, LinkCapable {
        SwappableLinkCapable(Line line, IsolatedBinding binding, DeviceConfig config, IsolatedBinding.Made made) {
            super(line, binding, config, made);
        }
    }

    // ---- open and closed

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        line.check();
        if (number == 0) {
            number = binding.makeNow(config).number();
        }
        long now = begin(context);
        line.call(now, new ToChild.Open(now, number, bridge(context)), OPEN);
    }

    private long begin(DeviceContext context) {
        long now = line.number();
        opening = now;
        line.opened(now, context);
        return now;
    }

    /** The bridge's number in the same process; 0 if there is none, which the device is told if it asks. */
    private long bridge(DeviceContext context) {
        try {
            IsolatedDevice over = context.bridge(IsolatedDevice.class);
            return over.line == line ? over.number : 0;
        } catch (BindingException none) {
            return 0;
        }
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        if (opening == 0) {
            throw new BindingException("it is not open");
        }
        long call = line.number();
        line.call(call, new ToChild.Handle(call, number, command), HANDLE);
    }

    /** What does not let itself be closed is ended with its process. */
    @Override
    public void close() {
        if (opening == 0) {
            return;
        }
        try {
            long call = line.number();
            line.call(call, new ToChild.Close(call, number), CLOSE);
        } catch (BindingException e) {
            if (!line.isEnded()) {
                line.end("device " + config.id() + " does not let itself be closed: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            line.end("device " + config.id() + " does not let itself be closed");
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    private void ended() {
        line.closed(opening);
        opening = 0;
    }

    // ---- Swappable

    public void quiesce() throws BindingException, InterruptedException {
        long call = line.number();
        line.call(call, new ToChild.Quiesce(call, number), QUIESCE);
    }

    public HandOver handOver() throws BindingException, InterruptedException {
        if (line.isLast()) {
            throw new BindingException("its feature is ended");
        }
        long call = line.number();
        FromChild.Reply reply = line.call(call, new ToChild.GiveOver(call, number), GIVE);
        if (!(reply instanceof FromChild.Given given)) {
            throw new BindingException("it gives nothing over");
        }
        ended();
        return new HandOver(given.version(), given.state());
    }

    /** Connections stay in the process that has them. */
    public boolean takeOver(DeviceContext context, HandOver left) throws BindingException, InterruptedException {
        if (!left.transports().isEmpty() || number == 0) {
            return false;
        }
        long now = begin(context);
        boolean taken = false;
        try {
            FromChild.Reply reply = line.call(
                    now, new ToChild.TakeOver(now, number, bridge(context), left.version(), left.state()), OPEN);
            taken = reply instanceof FromChild.Answer answer && answer.yes();
            return taken;
        } finally {
            if (!taken) {
                ended();
            }
        }
    }

    // ---- LinkCapable

    public CompletionStage<Void> program(DirectLink link) throws BindingException, InterruptedException {
        return this.<Void>link(Verb.PROGRAM, link, (reply, out) -> out.complete(null));
    }

    public CompletionStage<Void> remove(DirectLink link) throws BindingException, InterruptedException {
        return this.<Void>link(Verb.REMOVE, link, (reply, out) -> out.complete(null));
    }

    public CompletionStage<Boolean> verify(DirectLink link) throws BindingException, InterruptedException {
        return this.<Boolean>link(
                Verb.VERIFY, link, (reply, out) -> out.complete(reply instanceof FromChild.Answer a && a.yes()));
    }

    private <T> CompletionStage<T> link(
            Verb verb, DirectLink link, BiConsumer<FromChild.Reply, CompletableFuture<T>> complete)
            throws BindingException, InterruptedException {
        long call = line.number();
        CompletableFuture<T> out = new CompletableFuture<>();
        line.ask(call, new ToChild.Link(call, number, verb, link))
                .orTimeout(LINK.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((reply, failure) -> {
                    line.answered(call);
                    try {
                        if (failure != null) {
                            throw new BindingException(
                                    "the process has not answered: " + failure.getMessage(), failure);
                        }
                        complete.accept(Line.good(reply), out);
                    } catch (BindingException | IllegalStateException e) {
                        LOG.debug("{}: {} {}: {}", config.id(), verb, link, e.getMessage());
                        out.completeExceptionally(e);
                    }
                });
        return out;
    }
}
