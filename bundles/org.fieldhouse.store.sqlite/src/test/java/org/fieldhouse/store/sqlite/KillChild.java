package org.fieldhouse.store.sqlite;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.bus.Mailbox;

/** Reports, signals and asks for acknowledgements until it is killed; says on standard output what it was told. */
final class KillChild {
    private KillChild() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        SqliteStore store = new SqliteStore(Path.of(args[0]), Clock.systemUTC());
        Bus bus = new Bus(BusSettings.DEFAULT, store, Clock.systemUTC(), System::nanoTime);
        out.println("first " + bus.firstSequence());
        bus.subscribe("watch", Overflow.WAIT, 1_024, event -> {
            if (event.sequence() % 64 == 0) {
                out.println("seen " + event.sequence() + " " + event.timeMicros());
            }
        });
        Mailbox mailbox = bus.mailbox(new DeviceId("sensor"));
        for (int i = 0; ; i++) {
            mailbox.report("p" + i % 50, Quantity.of(i), Quality.GOOD, 0);
            if (i % 100 == 0) {
                mailbox.signal("tick", Map.of("n", Quantity.of(i)));
                bus.publishDurably(new AuditRecorded("dose", "pump", "" + i), Cause.RUNTIME)
                        .thenAccept(event -> out.println("acknowledged " + event.sequence()));
                Thread.sleep(1);
            }
        }
    }
}
