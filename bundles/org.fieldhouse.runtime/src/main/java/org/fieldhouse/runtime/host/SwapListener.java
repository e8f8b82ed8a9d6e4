package org.fieldhouse.runtime.host;

import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.model.DeviceId;

/** Hears of bindings that come and go, while it happens: the next step waits until the call has returned. */
public interface SwapListener {
    /** For a host that nobody watches: every binding may come back. */
    SwapListener NONE = new SwapListener() {
        @Override
        public boolean leaving(Binding binding, Set<DeviceId> online) {
            return true;
        }

        @Override
        public void arrived(Binding binding) {}
    };

    /**
     * A binding leaves; all its devices are still open.
     *
     * @param online those of its devices that are online
     * @return whether it, or its next version, may come back, so that its devices leave something behind
     */
    boolean leaving(Binding binding, Set<DeviceId> online);

    /** A binding is there; its devices are about to be opened. */
    void arrived(Binding binding);

    /** A binding is there and not let in, since it cannot make the devices that the one in force has. */
    default void refused(Binding binding, String reason) {}
}
