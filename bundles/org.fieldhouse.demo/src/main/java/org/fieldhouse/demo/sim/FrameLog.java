package org.fieldhouse.demo.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last few messages of each device as they went over the wire, so that the view can show where an event came from. */
public final class FrameLog {
    private static final int KEPT = 8;
    /** The bus may stamp a batch of events with the time at which the batch began; a busy machine makes it longer. */
    private static final long SLACK_MICROS = 250_000;
    /** No event is so late after its message. */
    private static final long OLDEST_MICROS = 5_000_000;

    private final Map<String, Deque<Frame>> frames = new HashMap<>();

    /**
     * A message.
     *
     * @param micros when it was published, µs since 1970-01-01T00:00Z
     */
    public record Frame(String topic, String payload, long micros) {}

    synchronized void add(String device, Frame frame) {
        Deque<Frame> last = frames.computeIfAbsent(device, key -> new ArrayDeque<>());
        last.addLast(frame);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    /**
     * The message of a device that was published next to then, if it is not older than five seconds.
     *
     * @param device friendly name or address in Zigbee2MQTT
     * @param part what must be in it; empty for anything
     */
    public synchronized Optional<Frame> before(String device, long micros, String part) {
        Frame found = null;
        for (Frame frame : frames.getOrDefault(device, new ArrayDeque<>())) {
            if (frame.payload().contains(part)
                    && frame.micros() <= micros + SLACK_MICROS
                    && micros - frame.micros() < OLDEST_MICROS
                    && (found == null || Math.abs(micros - frame.micros()) <= Math.abs(micros - found.micros()))) {
                found = frame;
            }
        }
        return Optional.ofNullable(found);
    }
}
