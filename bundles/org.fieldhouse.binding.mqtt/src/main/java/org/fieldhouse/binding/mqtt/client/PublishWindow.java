package org.fieldhouse.binding.mqtt.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;

/**
 * How many messages may be on their way unacknowledged. Paho throws at its own limit; here the caller waits, for a while. Messages
 * of QoS 0 have a window of their own, since the broker's limit does not concern them.
 */
final class PublishWindow {
    private static final int MAX_WAIT_SECONDS = 5;
    private static final int QOS0_WINDOW = 1_000;

    private final Semaphore plain = new Semaphore(QOS0_WINDOW);
    private final Semaphore acknowledged;
    private final Semaphore exactlyOnce;
    private final int acknowledgedSize;
    private final int exactlyOnceSize;

    /**
     * @param atLeastOnce messages of QoS 1 in flight, 1 to 65,535
     * @param exactlyOnce messages of QoS 2 in flight, 1 to 65,535
     */
    PublishWindow(int atLeastOnce, int exactlyOnce) {
        acknowledgedSize = atLeastOnce;
        exactlyOnceSize = exactlyOnce;
        acknowledged = new Semaphore(atLeastOnce);
        this.exactlyOnce = new Semaphore(exactlyOnce);
    }

    /** @param size messages of QoS 1 and 2 together, 1 to 65,535 */
    PublishWindow(int size) {
        acknowledgedSize = size;
        exactlyOnceSize = size;
        acknowledged = new Semaphore(size);
        exactlyOnce = acknowledged;
    }

    private Semaphore of(int qos) {
        return qos == 0 ? plain : qos == 1 ? acknowledged : exactlyOnce;
    }

    void enter(int qos) throws BindingException, InterruptedException {
        Semaphore of = of(qos);
        if (!of.tryAcquire() && !of.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new BindingException(
                    "the broker is not keeping up: messages of QoS " + qos + " wait for " + MAX_WAIT_SECONDS + " s");
        }
    }

    /** Waits until nothing is unacknowledged; false if that takes longer. Nobody may publish meanwhile. */
    boolean awaitEmpty(long millis) throws InterruptedException {
        int most = acknowledgedSize;
        if (!acknowledged.tryAcquire(most, millis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        acknowledged.release(most);
        if (exactlyOnce == acknowledged) {
            return true;
        }
        if (!exactlyOnce.tryAcquire(exactlyOnceSize, millis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        exactlyOnce.release(exactlyOnceSize);
        return true;
    }

    void leave(int qos) {
        of(qos).release();
    }
}
