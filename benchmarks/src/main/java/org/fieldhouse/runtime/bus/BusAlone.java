package org.fieldhouse.runtime.bus;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.state.StateTable;

/** Sequencer, states, ring and subscriptions without a journal. */
public final class BusAlone implements AutoCloseable {
    private final EventRing ring = new EventRing(BusSettings.DEFAULT.recent(), 0);
    private final StateTable states = new StateTable();
    private final BusTime time = new BusTime(Clock.systemUTC(), System::nanoTime, 0);
    private final Admission admission = new Admission(BusSettings.DEFAULT.publications());
    private final Sequencer sequencer =
            new Sequencer(ring, states, time, (event, committed) -> {}, fact -> {}, admission, 0, 0);
    private final List<HandlerThread> subscriptions = new ArrayList<>();
    private volatile boolean stopping;

    public BusAlone() {
        Thread helper = new CoreThread(
                () -> {
                    while (!stopping) {
                        if (!sequencer.takeUp()) {
                            java.util.concurrent.locks.LockSupport.parkNanos(this, 10_000_000);
                        }
                    }
                },
                "fieldhouse-bus");
        sequencer.start(helper);
        helper.start();
    }

    public void subscribe(String name, int capacity, EventHandler handler) {
        RingSubscription subscription =
                new RingSubscription(name, Overflow.WAIT, capacity, ring, sequencer, handler, gone -> {});
        sequencer.addGate(subscription);
        sequencer.addReader(subscription);
        subscriptions.add(subscription);
        subscription.start();
    }

    public Mailbox mailbox(DeviceId device) {
        return new DeviceMailbox(device, sequencer, states, time, BusSettings.DEFAULT.signals());
    }

    public void publish(Fact fact, Cause cause) {
        if (sequencer.tryEnter(false)) {
            try {
                if (sequencer.room() > 0) {
                    sequencer.sequence(fact, cause, null);
                    sequencer.publish();
                    return;
                }
            } finally {
                sequencer.exit();
            }
        }
        admission.enter();
        sequencer.submit(new Publication(fact, cause, null));
    }

    public long lastSequence() {
        return ring.published();
    }

    @Override
    public void close() {
        subscriptions.forEach(HandlerThread::close);
        stopping = true;
        sequencer.close();
    }
}
