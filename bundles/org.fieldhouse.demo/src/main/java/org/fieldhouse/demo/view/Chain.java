package org.fieldhouse.demo.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.event.Event;
import org.jspecify.annotations.Nullable;

/** What one outside event led to: the commands and notes of the rules, and how each ended. */
final class Chain {
    /** A command or a note, and its end. */
    static final class Link {
        final Event event;

        @Nullable
        Event end;

        Link(Event event) {
            this.event = event;
        }
    }

    /** The event that began it; null if nobody has it any more. */
    final @Nullable Event root;

    final List<Link> links = new ArrayList<>();
    private final Map<Long, Link> waiting = new HashMap<>();
    /** When something was last added, by the view's nano clock. */
    long touched;
    /** Its block is out; what ends now is told by itself. */
    boolean written;

    Chain(@Nullable Event root) {
        this.root = root;
    }

    void note(Event event) {
        links.add(new Link(event));
    }

    void command(long id, Event event) {
        Link link = new Link(event);
        links.add(link);
        waiting.put(id, link);
    }

    /** Returns the event by which the command began; null if it is not of this chain. */
    @Nullable
    Event ended(long id, Event event) {
        Link link = waiting.remove(id);
        if (link == null) {
            return null;
        }
        link.end = event;
        return link.event;
    }

    boolean isComplete() {
        return waiting.isEmpty();
    }
}
