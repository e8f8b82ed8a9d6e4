package org.fieldhouse.binding.mqtt.client;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to their handlers: topics by hash, filters with wildcards by a tree of levels. Handlers are added and removed
 * by any thread, messages come on one.
 *
 * <p>A broker that kept our session sends what waited as soon as it is connected, before the devices have opened again. Such
 * messages are parked, bounded, until their handlers come. While the binding is replaced all messages are.
 */
final class Router {
    private static final int PARKED_MESSAGES = 65_536;
    private static final long PARKED_BYTES = 16L << 20;

    private static final MessageHandler[] NOBODY = {};

    private final Map<String, MessageHandler[]> exact = new ConcurrentHashMap<>();
    private final Level root = new Level();
    private volatile int wildcards;

    /** What becomes of messages. */
    private enum Mode {
        /** They go to their handlers; those that have none are nobody's. */
        OPEN,
        /** Those that have no handler wait for one. */
        PARKING,
        /** All of them wait. */
        FROZEN
    }

    private volatile Mode mode = Mode.OPEN;
    private final Object parkLock = new Object();
    private final Deque<Message> parked = new ArrayDeque<>();
    private long parkedBytes;
    private long lost;

    private static final class Level {
        final Map<String, Level> next = new ConcurrentHashMap<>();
        volatile MessageHandler[] here = NOBODY;
        /** Of {@code #} below this level. */
        volatile MessageHandler[] below = NOBODY;
    }

    /** Adds a handler; what is parked for it comes first, in the order received. */
    void add(String filter, MessageHandler handler) {
        synchronized (parkLock) {
            if (mode == Mode.PARKING) {
                for (Iterator<Message> i = parked.iterator(); i.hasNext(); ) {
                    Message m = i.next();
                    if (TopicFilter.covers(filter, m.topic())) {
                        i.remove();
                        parkedBytes -= m.payload().length;
                        handler.onMessage(m);
                    }
                }
            }
            change(filter, handler, true);
        }
    }

    void remove(String filter, MessageHandler handler) {
        synchronized (parkLock) {
            change(filter, handler, false);
        }
    }

    private void change(String filter, MessageHandler handler, boolean add) {
        if (!TopicFilter.hasWildcard(filter)) {
            exact.compute(filter, (f, old) -> {
                MessageHandler[] now = changed(old == null ? NOBODY : old, handler, add);
                return now.length == 0 ? null : now;
            });
            return;
        }
        Level level = root;
        for (String name : filter.split("/", -1)) {
            if (name.equals("#")) {
                level.below = changed(level.below, handler, add);
                wildcards += add ? 1 : -1;
                return;
            }
            level = level.next.computeIfAbsent(name, n -> new Level());
        }
        level.here = changed(level.here, handler, add);
        wildcards += add ? 1 : -1;
    }

    private static MessageHandler[] changed(MessageHandler[] old, MessageHandler handler, boolean add) {
        if (add) {
            MessageHandler[] longer = Arrays.copyOf(old, old.length + 1);
            longer[old.length] = handler;
            return longer;
        }
        int at = Arrays.asList(old).indexOf(handler);
        if (at < 0) {
            return old;
        }
        MessageHandler[] shorter = new MessageHandler[old.length - 1];
        System.arraycopy(old, 0, shorter, 0, at);
        System.arraycopy(old, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    /** Brings a message to all its handlers. */
    void dispatch(Message message) {
        if (mode != Mode.OPEN) {
            synchronized (parkLock) {
                if (mode == Mode.FROZEN || !deliver(message) && mode == Mode.PARKING) {
                    park(message);
                }
            }
            return;
        }
        deliver(message);
    }

    private boolean deliver(Message message) {
        boolean any = false;
        MessageHandler[] direct = exact.get(message.topic());
        if (direct != null) {
            any = true;
            for (MessageHandler h : direct) {
                h.onMessage(message);
            }
        }
        return wildcards > 0 ? walk(root, message.topic(), 0, message) || any : any;
    }

    private static boolean walk(Level level, String topic, int from, Message message) {
        boolean hidden = from == 0 && topic.startsWith("$");
        boolean any = !hidden && call(level.below, message);
        if (from > topic.length()) {
            return call(level.here, message) || any;
        }
        if (level.next.isEmpty()) {
            return any;
        }
        int slash = topic.indexOf('/', from);
        int end = slash < 0 ? topic.length() : slash;
        int rest = slash < 0 ? topic.length() + 1 : slash + 1;
        Level named = level.next.get(topic.substring(from, end));
        if (named != null) {
            any |= walk(named, topic, rest, message);
        }
        Level plus = hidden ? null : level.next.get("+");
        if (plus != null) {
            any |= walk(plus, topic, rest, message);
        }
        return any;
    }

    private static boolean call(MessageHandler[] handlers, Message message) {
        for (MessageHandler h : handlers) {
            h.onMessage(message);
        }
        return handlers.length > 0;
    }

    private void park(Message message) {
        parked.addLast(message);
        parkedBytes += message.payload().length;
        while (parked.size() > PARKED_MESSAGES || parkedBytes > PARKED_BYTES) {
            @Nullable Message oldest = parked.pollFirst();
            if (oldest == null) {
                return;
            }
            parkedBytes -= oldest.payload().length;
            lost++;
        }
    }

    /** From now on messages without a handler wait for one; all those that wait go to the handlers that there are now. */
    void startParking() {
        synchronized (parkLock) {
            mode = Mode.PARKING;
            List<Message> waiting = List.copyOf(parked);
            parked.clear();
            parkedBytes = 0;
            for (Message m : waiting) {
                if (!deliver(m)) {
                    park(m);
                }
            }
        }
    }

    /** Ends that. Returns how many messages found no handler. */
    long stopParking() {
        synchronized (parkLock) {
            mode = Mode.OPEN;
            long orphans = parked.size() + lost;
            parked.clear();
            parkedBytes = 0;
            lost = 0;
            return orphans;
        }
    }

    /** From now on all messages wait, behind those. */
    void freeze(List<Message> first) {
        synchronized (parkLock) {
            mode = Mode.FROZEN;
            first.forEach(this::park);
        }
    }

    /** What waits, in the order received; it does not wait here any more. */
    List<Message> takeParked() {
        synchronized (parkLock) {
            List<Message> waiting = List.copyOf(parked);
            parked.clear();
            parkedBytes = 0;
            return waiting;
        }
    }

    /** Forgets all handlers and all that is parked. */
    void clear() {
        synchronized (parkLock) {
            exact.clear();
            root.next.clear();
            root.below = NOBODY;
            wildcards = 0;
        }
        stopParking();
    }
}
