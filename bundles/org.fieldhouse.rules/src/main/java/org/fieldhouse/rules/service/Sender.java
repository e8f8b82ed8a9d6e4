package org.fieldhouse.rules.service;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.fieldhouse.rules.engine.Output;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the engine wants done. */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger("org.fieldhouse.rules");
    /** An alarm changed its state: {@code alarm}, {@code state}, {@code priority}, {@code text}. */
    static final String ALARM = "org.fieldhouse.rules.AlarmChanged";
    /** A value for an uplink: {@code to}, {@code name}, {@code value}, {@code time}. */
    static final String UPLOAD = "org.fieldhouse.rules.Upload";
    /** Different troubles that are logged; beyond that they are only counted. */
    private static final int MAX_SAID = 10_000;

    private final EventBus bus;
    private final CommandRouter router;
    private final FunctionCalls calls;
    private final Linker linker;
    private final Consumer<Output> failed;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final AtomicLong troubles = new AtomicLong();

    /** @param failed is told of an output that came to nothing, so that nobody waits for it */
    Sender(EventBus bus, CommandRouter router, FunctionCalls calls, Linker linker, Consumer<Output> failed) {
        this.bus = bus;
        this.router = router;
        this.calls = calls;
        this.linker = linker;
        this.failed = failed;
    }

    /** Returns when it is on its way. Never throws. */
    void send(Output output) {
        try {
            Cue cue = new Cue(output.parent(), "", output.rule());
            if (output instanceof Output.Send send) {
                router.send(send.request(), cue);
            } else if (output instanceof Output.Notify notify) {
                bus.publish(new Fact.NotificationRequested(notify.recipient(), notify.text()), cue);
            } else if (output instanceof Output.SetVariable set) {
                bus.publish(new Fact.VariableChanged(set.name(), set.before(), set.after()), cue);
            } else if (output instanceof Output.AlarmChanged alarm) {
                bus.publish(fact(alarm), cue);
            } else if (output instanceof Output.Upload upload) {
                bus.publish(fact(upload), cue);
            } else if (output instanceof Output.Invoke invoke) {
                bus.publish(FunctionFacts.called(invoke.call(), invoke.function(), invoke.arguments()), cue)
                        .thenAccept(calls::begin);
            } else if (output instanceof Output.Link link) {
                linker.take(link);
            } else if (output instanceof Output.Log log) {
                LOG.info("rule {}: {}", log.rule(), log.text());
            } else if (output instanceof Output.Trouble trouble) {
                trouble(trouble);
            }
        } catch (CommandRefusedException e) {
            failed.accept(output);
            once(output, "command refused: " + e.getMessage());
        } catch (RuntimeException e) {
            failed.accept(output);
            troubles.incrementAndGet();
            LOG.error("rule {}: {} could not be sent", output.rule(), output, e);
        }
    }

    private static Fact fact(Output.AlarmChanged alarm) {
        return new Fact.ExternalFact(
                ALARM,
                Map.of(
                        "alarm", new Text(alarm.alarm()),
                        "state", new Text(alarm.state()),
                        "priority", new Text(alarm.priority()),
                        "text", new Text(alarm.text())));
    }

    private static Fact fact(Output.Upload upload) {
        Instant at = Instant.ofEpochSecond(
                Math.floorDiv(upload.micros(), 1_000_000L),
                TimeUnit.MICROSECONDS.toNanos(Math.floorMod(upload.micros(), 1_000_000L)));
        return new Fact.ExternalFact(
                UPLOAD,
                Map.of(
                        "to", new Text(upload.to()),
                        "name", new Text(upload.name()),
                        "value", upload.value(),
                        "time", new Moment(at)));
    }

    private void trouble(Output.Trouble trouble) {
        if (trouble.bug() == null) {
            once(trouble, trouble.text());
            return;
        }
        troubles.incrementAndGet();
        if (said.size() < MAX_SAID && said.add(trouble.rule() + String.valueOf(trouble.bug()))) {
            LOG.error("rule {}: {}", trouble.rule(), trouble.text(), trouble.bug());
        }
    }

    private void once(Output output, String text) {
        troubles.incrementAndGet();
        if (said.size() < MAX_SAID && said.add(output.rule() + text)) {
            LOG.warn("rule {}: {} (said once)", output.rule(), text);
        }
    }

    /** How often something did not go as a rule says. */
    long troubles() {
        return troubles.get();
    }
}
