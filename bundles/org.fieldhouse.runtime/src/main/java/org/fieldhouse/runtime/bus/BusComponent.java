package org.fieldhouse.runtime.bus;

import java.time.Clock;
import java.time.Duration;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.runtime.journal.JournalSettings;
import org.fieldhouse.runtime.journal.StoreLine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The bus as a service of this bundle's other parts, and the journal as everybody's. */
@Component(
        configurationPid = "org.fieldhouse.runtime.bus",
        immediate = true,
        service = {BusComponent.class, Ingress.class, Journal.class})
@Designate(ocd = BusConfig.class)
public final class BusComponent extends Bus {
    @Activate
    public BusComponent(@Reference StoreLine store, BusConfig config) {
        super(settings(config), store, Clock.systemUTC(), System::nanoTime);
    }

    @Deactivate
    void deactivate() {
        stop();
    }

    private static BusSettings settings(BusConfig config) {
        int recent = Math.max(1_024, Math.min(1 << 20, config.recentEvents()));
        int powerOfTwo = Integer.bitCount(recent) == 1 ? recent : Integer.highestOneBit(recent) << 1;
        return new BusSettings(
                powerOfTwo,
                Math.max(16, config.mailboxSignals()),
                BusSettings.DEFAULT.publications(),
                new JournalSettings(
                        Duration.ofMillis(Math.max(1, config.commitMillis())),
                        Duration.ofMillis(Math.max(100, config.stallMillis())),
                        Duration.ofDays(Math.max(1, config.retainDays())),
                        (long) Math.max(16, config.retainMebibytes()) << 20,
                        (long) Math.max(1, config.backlogMebibytes()) << 20,
                        Math.max(1_000, config.snapshotEvents()),
                        Duration.ofMinutes(Math.max(1, config.snapshotMinutes()))));
    }
}
