package org.fieldhouse.rules.service;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.program.Calendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the rules in force a few times more and loads them into an engine that nobody hears, some seconds after a start, when
 * nobody waits. What a start runs once the JVM still interprets, and whoever saves a file first would wait three times as long as
 * everybody after.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int TIMES = 3;
    private static final long FIRST_SECONDS = 4;
    /** A house that is so large or so busy has better to do. */
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Supplier<Compiled> running;
    private final Calendar.Place place;
    private final List<ScheduledFuture<?>> all = new ArrayList<>();
    private volatile boolean enough;

    WarmUp(Supplier<Compiled> running, Calendar.Place place) {
        this.running = running;
        this.place = place;
    }

    void begin(ScheduledExecutorService on) {
        for (int i = 0; i < TIMES; i++) {
            all.add(on.schedule(this::once, FIRST_SECONDS + i, TimeUnit.SECONDS));
        }
    }

    void cancel() {
        enough = true;
        all.forEach(each -> each.cancel(false));
    }

    /** Changes nothing. */
    void once() {
        if (enough) {
            return;
        }
        long begun = System.nanoTime();
        try {
            Compiled now = running.get();
            Compiled again = Compiled.of(now.files(), now.model(), new LastCheck());
            again.toBytes();
            Engine unheard = new Engine(place);
            for (int i = 0; i < 2; i++) {
                unheard.load(again.program(), new Event(i, i, Cause.RUNTIME, new Fact.TimerElapsed(i)), output -> {});
            }
            unheard.save();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("not warmed up", e);
            enough = true;
        }
        enough |= System.nanoTime() - begun > MOST_NANOS;
    }
}
