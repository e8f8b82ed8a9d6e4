package org.fieldhouse.runtime.bus;

import java.util.concurrent.CompletableFuture;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.state.StateCell;
import org.jspecify.annotations.Nullable;

/** One thing in a mailbox. Guarded by the mailbox until it is taken out, then owned by the holder of the baton. */
final class MailEntry {
    static final MailEntry NONE = new MailEntry(Kind.FACT, null);

    enum Kind {
        REPORT,
        OFFLINE,
        ONLINE,
        FACT
    }

    final Kind kind;
    final @Nullable StateCell cell;

    @Nullable
    Value value;

    Quality quality = Quality.GOOD;
    long sourceMicros;
    long receivedMicros;

    @Nullable
    Fact fact;

    @Nullable
    Cause cause;

    /** To be completed when the fact is on disk; null if nobody asked. */
    @Nullable
    CompletableFuture<Event> committed;

    boolean signal;
    /** Reports of the same stretch between two signals may replace each other. */
    long stretch;

    @Nullable
    MailEntry previous;

    @Nullable
    MailEntry next;

    MailEntry(Kind kind, @Nullable StateCell cell) {
        this.kind = kind;
        this.cell = cell;
    }
}
