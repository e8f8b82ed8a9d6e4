package org.fieldhouse.health;

import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The journal can be written. Without it the house runs on, but forgets; somebody has to know. */
@Component(
        configurationPid = "org.fieldhouse.health.journal",
        property = {"hc.name=journal", "hc.tags=fieldhouse"})
public final class JournalCheck implements HealthCheck {
    private final Journal journal;

    @Activate
    public JournalCheck(@Reference Journal journal) {
        this.journal = journal;
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        JournalStatus status = journal.status();
        if (!status.isWritable()) {
            log.critical(
                    "the journal cannot be written: {}; {} events wait, {} are lost",
                    status.trouble(),
                    status.pending(),
                    status.missing());
        }
        return new Result(log);
    }
}
