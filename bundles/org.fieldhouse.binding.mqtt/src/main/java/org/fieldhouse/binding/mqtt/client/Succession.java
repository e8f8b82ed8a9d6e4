package org.fieldhouse.binding.mqtt.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.HandOver;
import org.jspecify.annotations.Nullable;

/** A link and its hub on their way from one version of the binding to the next. */
public final class Succession {
    private Succession() {}

    /**
     * Takes a link apart. If the broker does not answer, the connection is closed, and what was not seen is still handed over.
     *
     * @param hub frozen before
     */
    public static HandOver leave(MqttLink link, Hub hub, SessionMemory memory) throws InterruptedException {
        KeptLink kept = link.detach(memory);
        byte[] none = {};
        LinkState state = new LinkState(
                kept == null ? none : kept.connack(),
                kept == null ? none : kept.rest(),
                memory.packets(),
                hub.remains());
        List<Closeable> transports = kept == null ? List.of() : List.of(kept.socket());
        return new HandOver(LinkState.VERSION, state.encode(), transports);
    }

    /**
     * Puts a link together again; the hub is frozen until its parties are back.
     *
     * @return null if this version cannot read what was left
     * @throws BindingException if the connection did not survive and a new one cannot be made
     */
    public static @Nullable MqttLink take(
            HandOver left,
            LinkSettings settings,
            Hub hub,
            Runnable flushLater,
            SessionMemory memory,
            LinkListener listener)
            throws BindingException, InterruptedException {
        if (left.version() != LinkState.VERSION) {
            return null;
        }
        LinkState state;
        try {
            state = LinkState.decode(left.state());
        } catch (IOException e) {
            return null;
        }
        memory.restore(state.packets());
        KeptLink kept = null;
        if (state.connack().length > 0
                && !left.transports().isEmpty()
                && left.transports().get(0) instanceof Socket socket
                && !socket.isClosed()) {
            kept = new KeptLink(socket, state.connack(), state.rest());
        }
        hub.start(flushLater, state.hub(), kept != null);
        return Links.connect(settings, memory, listener, kept);
    }
}
