package org.fieldhouse.binding.mqtt.client;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.value.Value;

/** Events of devices, which must not be lost: while the mailbox is full the broker is made to wait. */
public final class Signals {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Signals() {}

    /** On the receiving thread. What is not taken for 10 s is counted as malformed and gone. */
    public static void send(DeviceContext context, String event, Map<String, Value> arguments) {
        if (context.signal(event, arguments)) {
            return;
        }
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (context.signal(event, arguments)) {
                return;
            }
        }
        context.malformed("event '" + event + "' found no room for 10 s and is lost");
    }
}
