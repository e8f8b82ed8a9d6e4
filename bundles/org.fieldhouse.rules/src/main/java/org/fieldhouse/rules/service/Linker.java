package org.fieldhouse.rules.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.DirectLinks;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.rules.engine.LinkFacts;
import org.fieldhouse.rules.engine.LinkFacts.At;
import org.fieldhouse.rules.engine.LinkStanding;
import org.fieldhouse.rules.engine.Output;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts links into the machines, takes them out, and looks after them: what could not be done is tried again, what is lost is put
 * back. Each change of place is published, and the engine forwards on the gateway until it reads that the machine does it. One thing
 * after the other on one thread: radios do not like to be flooded. Methods: any thread.
 */
final class Linker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Linker.class);
    private static final long RETRY_SECONDS = 60;
    private static final long VERIFY_SECONDS = 600;
    /** Attempts to take a link out of a machine; it may have left the house for good. */
    private static final int GIVE_UP = 30;

    private final EventBus bus;
    private final Supplier<@Nullable DirectLinks> links;
    private final ScheduledThreadPoolExecutor thread;

    /** A link that is wanted or to be taken out. */
    private static final class Wish {
        final String name;
        final DirectLink link;
        final Cue cue;
        final boolean wanted;

        @Nullable
        At told;

        String reason = "";
        boolean busy;
        int failures;

        Wish(String name, DirectLink link, boolean wanted, long parent, RuleRef rule) {
            this.name = name;
            this.link = link;
            this.wanted = wanted;
            this.cue = new Cue(parent, "", rule);
        }
    }

    // The thread alone.
    private final Map<String, Wish> wanted = new HashMap<>();
    private final Set<Wish> leaving = new HashSet<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /** @param links gives the service, or null while it is away */
    Linker(EventBus bus, Supplier<@Nullable DirectLinks> links) {
        this.bus = bus;
        this.links = links;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "fieldhouse-links");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.scheduleWithFixedDelay(guarded(this::tryAgain), RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
        thread.scheduleWithFixedDelay(guarded(this::verifyAll), VERIFY_SECONDS, VERIFY_SECONDS, TimeUnit.SECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("Links in devices are not looked after for the moment", e);
            }
        };
    }

    private void submit(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("closed");
        }
    }

    /** What the engine wants. */
    void take(Output.Link output) {
        Wish wish = new Wish(output.name(), output.link(), output.wanted(), output.parent(), output.rule());
        submit(() -> {
            if (wish.wanted) {
                wanted.put(wish.name, wish);
            } else {
                Wish before = wanted.get(wish.name);
                if (before != null && before.link.equals(wish.link)) {
                    wanted.remove(wish.name);
                }
                leaving.add(wish);
            }
            attempt(wish);
        });
    }

    /** What was wanted before a restart. */
    void resume(List<LinkStanding> standing) {
        submit(() -> {
            for (LinkStanding each : standing) {
                Wish wish = new Wish(each.name(), each.link(), true, 0, each.rule());
                wish.told = each.atDevice() ? At.DEVICE : At.GATEWAY;
                if (wanted.putIfAbsent(each.name(), wish) == null) {
                    verify(wish);
                }
            }
        });
    }

    /** A device has come online: what waits for it is tried at once. */
    void online(DeviceId device) {
        submit(() -> {
            for (Wish each : waiting()) {
                if (each.link.from().equals(device) || each.link.to().equals(device)) {
                    attempt(each);
                }
            }
        });
    }

    private List<Wish> waiting() {
        List<Wish> all = new ArrayList<>(leaving);
        wanted.values().stream().filter(each -> each.told != At.DEVICE).forEach(all::add);
        return all;
    }

    private void tryAgain() {
        waiting().forEach(this::attempt);
    }

    private void verifyAll() {
        wanted.values().stream().filter(each -> each.told == At.DEVICE).forEach(this::verify);
    }

    private void attempt(Wish wish) {
        ask(
                wish,
                service -> wish.wanted ? service.program(wish.link) : service.remove(wish.link),
                done -> settle(wish, wish.wanted ? At.DEVICE : At.REMOVED, ""));
    }

    private void verify(Wish wish) {
        ask(wish, service -> service.verify(wish.link), there -> {
            if (Boolean.TRUE.equals(there)) {
                settle(wish, At.DEVICE, "");
            } else {
                attempt(wish);
            }
        });
    }

    private interface Then<T> {
        void go(@Nullable T answer);
    }

    private <T> void ask(Wish wish, Function<DirectLinks, CompletionStage<T>> question, Then<T> then) {
        if (wish.busy) {
            return;
        }
        wish.busy = true;
        CompletableFuture<T> answer = last.handle((done, failure) -> null)
                .thenComposeAsync(
                        none -> {
                            DirectLinks service = links.get();
                            return service == null
                                    ? CompletableFuture.failedFuture(
                                            new BindingException("the device host is not there"))
                                    : question.apply(service);
                        },
                        thread);
        last = answer;
        answer.whenCompleteAsync(
                (value, failure) -> {
                    wish.busy = false;
                    if (failure == null) {
                        then.go(value);
                    } else if (wish.wanted) {
                        settle(wish, At.GATEWAY, reason(failure));
                    } else if (++wish.failures >= GIVE_UP) {
                        LOG.warn("Link {} may still be in its device: {}", wish.name, reason(failure));
                        settle(wish, At.REMOVED, reason(failure));
                    }
                },
                thread);
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BindingException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    private void settle(Wish wish, At at, String reason) {
        if (!wish.wanted && at == At.REMOVED) {
            leaving.remove(wish);
        } else if (wanted.get(wish.name) != wish || at == wish.told && reason.equals(wish.reason)) {
            return; // it left the rules meanwhile, or all is as it was
        }
        wish.told = at;
        wish.reason = reason;
        bus.publish(LinkFacts.placed(wish.name, at, reason), wish.cue);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
