package org.fieldhouse.runtime.host;

import java.io.Closeable;
import java.io.IOException;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one device left when its binding went, until the next version takes it or nobody will. On the device's lane. */
final class Luggage {
    private static final Logger LOG = LoggerFactory.getLogger(Luggage.class);

    private volatile @Nullable HandOver left;
    private volatile @Nullable DeviceEntry of;
    private int number;

    /** All that it holds, for another lane: the thread of this one is stuck, and what it does when it comes back must not count. */
    Luggage takenAway() {
        Luggage next = new Luggage();
        next.left = left;
        next.of = of;
        next.number = number;
        left = null;
        of = null;
        return next;
    }

    /**
     * Takes in what the device leaves.
     *
     * @return its number, for {@link #drop(int)}; 0 if it leaves nothing and has to be closed
     */
    int pack(Swappable device, DeviceEntry entry) {
        drop();
        HandOver given;
        try {
            given = device.handOver();
        } catch (BindingException e) {
            LOG.info("{}: hands nothing over: {}", entry.id(), e.getMessage());
            return 0;
        } catch (InterruptedException e) {
            LOG.warn("{}: did not hand over in time", entry.id());
            return 0;
        } catch (RuntimeException | Error e) {
            LOG.error("{}: handOver let an exception through", entry.id(), e);
            return 0;
        }
        left = given;
        of = entry;
        for (Closeable transport : given.transports()) {
            if (isOf(transport.getClass(), device.getClass().getClassLoader())) {
                LOG.error(
                        "{}: hands over a {}, a class of the departing bundle; refused, or it would stay in memory",
                        entry.id(),
                        transport.getClass().getName());
                drop();
                break;
            }
        }
        return ++number;
    }

    private static boolean isOf(Class<?> type, @Nullable ClassLoader departing) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (departing != null && departing != Luggage.class.getClassLoader() && c.getClassLoader() == departing) {
                return true;
            }
        }
        return false;
    }

    /** Opens a device with what was left for it; false if it has to be opened as if new. */
    boolean open(Device device, Opening opening) throws BindingException, InterruptedException {
        HandOver ready = left;
        if (ready == null) {
            return false;
        }
        DeviceEntry before = of;
        boolean fits = before != null && before.samePlant(opening.entry);
        if (fits && device instanceof Swappable next && next.takeOver(opening, ready)) {
            left = null;
            of = null;
            return true;
        }
        drop();
        return false;
    }

    /** Whether nothing waits to be taken. */
    boolean isEmpty() {
        return left == null;
    }

    /** Nobody came for it, if it is still the same. */
    void drop(int ticket) {
        if (ticket == number) {
            drop();
        }
    }

    void drop() {
        HandOver ready = left;
        left = null;
        of = null;
        if (ready == null) {
            return;
        }
        for (Closeable transport : ready.transports()) {
            try {
                transport.close();
            } catch (IOException e) {
                LOG.debug("a transport that nobody took does not close: {}", e.getMessage());
            }
        }
    }
}
