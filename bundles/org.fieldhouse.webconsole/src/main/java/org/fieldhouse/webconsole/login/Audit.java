package org.fieldhouse.webconsole.login;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was done through the console, and by whom, in the journal. Any thread. */
@Component(service = Audit.class)
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final long PATIENCE_SECONDS = 2;

    private final EventBus bus;

    @Activate
    public Audit(@Reference EventBus bus) {
        this.bus = bus;
    }

    /**
     * Returns when it is on disk; a journal that cannot write is told in the log and keeps nobody out, since the console may be what
     * mends it.
     *
     * @param user who did it; empty if nobody is logged in
     */
    public void record(String user, String action, String subject, String detail) {
        try {
            bus.publish(new AuditRecorded(action, subject, detail), user.isEmpty() ? Cue.NONE : Cue.user(user))
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CompletionException | TimeoutException e) {
            LOG.warn("Not in the journal yet: {} {} {} by {}", action, subject, detail, user, e);
        }
    }
}
