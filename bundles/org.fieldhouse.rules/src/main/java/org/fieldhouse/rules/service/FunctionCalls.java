package org.fieldhouse.rules.service;

import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.rules.FunctionException;
import org.fieldhouse.api.rules.RuleFunction;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls actions of bundles, outside the engine: on threads of its own, with a time-out, once the call is on disk. What comes of it
 * is published; the engine learns of it as of every other event. Any thread.
 */
final class FunctionCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCalls.class);
    /** At once; a bundle that hangs must not take the machine with it. */
    private static final int THREADS = 8;
    /** More calls that wait than this end as failed. */
    private static final int WAITING = 1_024;

    private final EventBus bus;
    private final FunctionRegistry registry;
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor clock;

    FunctionCalls(EventBus bus, FunctionRegistry registry) {
        this.bus = bus;
        this.registry = registry;
        this.workers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                threads("fieldhouse-function"));
        workers.allowCoreThreadTimeOut(true);
        this.clock = new ScheduledThreadPoolExecutor(1, threads("fieldhouse-function-clock"));
        clock.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Makes a call whose record is on disk. Returns at once. */
    void begin(Event called) {
        Fact.ExternalFact fact = (Fact.ExternalFact) called.fact();
        String name = FunctionFacts.function(fact);
        Call call = new Call(called, FunctionFacts.call(fact), name);
        FunctionSpec spec = registry.spec(name);
        if (spec == null) {
            call.failed("there is no such function");
            return;
        }
        Map<String, Value> arguments = FunctionFacts.arguments(fact);
        try {
            Future<?> work = workers.submit(() -> work(call, spec, arguments));
            long millis = spec.timeout().toMillis();
            clock.schedule(
                    () -> {
                        call.failed("no answer within " + millis / 1000.0 + " s");
                        work.cancel(true);
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            call.failed("too many calls wait");
        }
    }

    /** A crash cut off a call: it is made again if that does no harm. */
    void cutOff(Event called) {
        Fact.ExternalFact fact = (Fact.ExternalFact) called.fact();
        String name = FunctionFacts.function(fact);
        FunctionSpec spec = registry.spec(name);
        if (spec != null && spec.repeatable()) {
            begin(called);
        } else {
            new Call(called, FunctionFacts.call(fact), name)
                    .failed("cut off by a restart; whether it was done is not known");
        }
    }

    private void work(Call call, FunctionSpec spec, Map<String, Value> arguments) {
        try {
            RuleFunction function = registry.await(spec.name(), spec.timeout().toNanos());
            if (function == null) {
                call.failed("its bundle is not there");
                return;
            }
            Value value = function.call(arguments);
            if (spec.result() == null) {
                call.ended(null);
            } else if (value == null) {
                call.failed("gave no result");
            } else {
                call.ended(spec.result().normalize(value));
            }
        } catch (FunctionException e) {
            call.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            call.failed("interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("Function {} failed", spec.name(), e);
            call.failed("its bundle failed: " + e);
        }
    }

    /** One call; the first end counts. */
    private final class Call {
        private final Event called;
        private final long number;
        private final String function;
        private final AtomicBoolean over = new AtomicBoolean();

        Call(Event called, long number, String function) {
            this.called = called;
            this.number = number;
            this.function = function;
        }

        void ended(@Nullable Value value) {
            end(FunctionFacts.returned(number, function, value));
        }

        void failed(String reason) {
            end(FunctionFacts.failed(number, function, reason));
        }

        private void end(Fact.ExternalFact fact) {
            if (over.compareAndSet(false, true) && !clock.isShutdown()) {
                bus.publish(fact, new Cue(called.sequence(), "", called.cause().rule()));
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        workers.shutdownNow();
    }
}
