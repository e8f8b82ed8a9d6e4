package org.fieldhouse.webconsole.login;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Who is logged in. In memory: a restart logs everybody out. Any thread. */
final class Sessions {
    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofHours(12);
    static final int MOST = 16;

    private final LongSupplier nanos;
    private final Map<String, Session> sessions = new HashMap<>();

    /** @param nanos monotonic, as {@code System::nanoTime} */
    Sessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A new session with an id of its own; if there are too many, the one unused for longest ends. */
    synchronized Session begin(String user) {
        dropEnded();
        if (sessions.size() >= MOST) {
            sessions.values().stream()
                    .min(Comparator.comparingLong(Session::usedNanos))
                    .ifPresent(this::end);
        }
        Session session = new Session(user, nanos.getAsLong());
        sessions.put(session.id(), session);
        return session;
    }

    /**
     * The session of that id, if it has not ended.
     *
     * @param active whether a person acts; a page that refreshes itself keeps nobody logged in
     */
    synchronized Optional<Session> find(String id, boolean active) {
        dropEnded();
        Optional<Session> found = Optional.ofNullable(sessions.get(id));
        if (active) {
            found.ifPresent(session -> session.use(nanos.getAsLong()));
        }
        return found;
    }

    synchronized void end(Session session) {
        sessions.remove(session.id());
    }

    synchronized void endAll() {
        sessions.clear();
    }

    private void dropEnded() {
        long now = nanos.getAsLong();
        sessions.values()
                .removeIf(session ->
                        now - session.usedNanos() > IDLE.toNanos() || now - session.begunNanos() > LONGEST.toNanos());
    }
}
