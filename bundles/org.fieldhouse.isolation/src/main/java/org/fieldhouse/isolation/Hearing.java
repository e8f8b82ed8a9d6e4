package org.fieldhouse.isolation;

import java.util.function.BooleanSupplier;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.isolation.wire.FromChild;

/** Brings what a device said in its process to its context in the house. */
final class Hearing {
    private Hearing() {}

    /** @param again waits a little, and says whether a signal that was not taken is to be tried again */
    static void hear(FromChild.Said said, DeviceContext context, BooleanSupplier again) {
        if (said instanceof FromChild.Reported m) {
            context.report(m.point(), m.value(), m.quality(), m.sourceMicros());
        } else if (said instanceof FromChild.Signalled m) {
            boolean taken = context.signal(m.event(), m.arguments());
            while (!taken && again.getAsBoolean()) {
                taken = context.signal(m.event(), m.arguments());
            }
        } else if (said instanceof FromChild.ReportedBad m) {
            context.reportBad(m.point(), m.reason());
        } else if (said instanceof FromChild.Confirmed m) {
            context.confirm(m.command());
        } else if (said instanceof FromChild.CommandFailed m) {
            context.fail(m.command(), m.reason());
        } else if (said instanceof FromChild.Described m) {
            context.describe(m.description());
        } else if (said instanceof FromChild.Condition m) {
            context.status(m.status());
        } else if (said instanceof FromChild.ChildCondition m) {
            context.childStatus(m.child(), m.status());
        } else if (said instanceof FromChild.Lost m) {
            context.lost(m.reason());
        } else if (said instanceof FromChild.Malformed m) {
            context.malformed(m.what());
        } else if (said instanceof FromChild.Offered m) {
            context.offer(m.candidate());
        } else if (said instanceof FromChild.Withdrawn m) {
            context.withdraw(m.candidate());
        }
    }
}
