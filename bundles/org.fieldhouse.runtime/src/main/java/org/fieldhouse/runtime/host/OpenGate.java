package org.fieldhouse.runtime.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets only so many devices be opened at once. An opening may block for a long time; without this, a thousand dead devices would
 * hold every lane thread, and the living would wait. Who is refused is poked when a place is free. Thread-safe.
 */
final class OpenGate {
    private final int places;
    private final ArrayDeque<HostedDevice> line = new ArrayDeque<>();
    private final Set<HostedDevice> inLine = new HashSet<>();
    private int taken;

    OpenGate(int places) {
        this.places = places;
    }

    /** Whether the device may be opened now; if not it stands in line. */
    synchronized boolean enter(HostedDevice device) {
        if (taken < places) {
            taken++;
            if (inLine.remove(device)) {
                line.remove(device);
            }
            return true;
        }
        if (inLine.add(device)) {
            line.addLast(device);
        }
        return false;
    }

    void leave() {
        synchronized (this) {
            taken--;
        }
        wake();
    }

    /** Pokes as many as there is room for. Who was poked and did not want to come in any more kept nobody out. */
    void wake() {
        List<HostedDevice> next = new ArrayList<>();
        synchronized (this) {
            for (int free = places - taken; free > 0 && !line.isEmpty(); free--) {
                HostedDevice first = line.removeFirst();
                inLine.remove(first);
                next.add(first);
            }
        }
        next.forEach(HostedDevice::poke);
    }
}
