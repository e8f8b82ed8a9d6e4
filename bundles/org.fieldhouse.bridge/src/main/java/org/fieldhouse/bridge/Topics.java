package org.fieldhouse.bridge;

import java.util.Map;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.jspecify.annotations.Nullable;

/** The topics of the house; the same on both event services. {@code docs/INTEROP.md} lists them with their properties. */
final class Topics {
    static final String ROOT = "org/fieldhouse/";
    /** Below it others publish; the rest of the topic is the type. */
    static final String EXTERNAL = ROOT + "external/";

    static final String REPORTED = ROOT + "state/REPORTED";
    /** Between us and a typed event bus: how far it is. */
    static final String MARK = ROOT + "bridge/MARK";

    /** What the rules say of an alarm: {@code alarm}, {@code state}, {@code priority}, {@code text}. */
    private static final String ALARM = "org.fieldhouse.rules.AlarmChanged";

    private static final Map<Class<? extends Fact>, String> OF = Map.ofEntries(
            Map.entry(Fact.StateChanged.class, ROOT + "state/CHANGED"),
            Map.entry(Fact.StateReported.class, REPORTED),
            Map.entry(Fact.StatusChanged.class, ROOT + "device/STATUS"),
            Map.entry(Fact.DeviceAdded.class, ROOT + "device/ADDED"),
            Map.entry(Fact.DeviceRemoved.class, ROOT + "device/REMOVED"),
            Map.entry(Fact.DeviceRenamed.class, ROOT + "device/RENAMED"),
            Map.entry(Fact.DeviceSignalled.class, ROOT + "device/SIGNALLED"),
            Map.entry(Fact.CommandAccepted.class, ROOT + "command/ACCEPTED"),
            Map.entry(Fact.CommandEnded.class, ROOT + "command/ENDED"),
            Map.entry(Fact.NotificationRequested.class, ROOT + "notification/REQUESTED"),
            Map.entry(Fact.ConfigurationActivated.class, ROOT + "configuration/ACTIVATED"),
            Map.entry(Fact.ConfigurationRejected.class, ROOT + "configuration/REJECTED"),
            Map.entry(Fact.AuditRecorded.class, ROOT + "audit/RECORDED"));

    private Topics() {}

    /** @return null for what stays inside */
    static @Nullable String of(Event event) {
        if (event.fact() instanceof Fact.ExternalFact external) {
            if (event.cause().origin() == Cause.Origin.RULE) {
                return external.type().equals(ALARM) ? ROOT + "alarm/CHANGED" : null;
            }
            return isOurs(external.type()) ? null : ROOT + "fact/EXTERNAL";
        }
        return OF.get(event.fact().getClass());
    }

    /** Whether a type of external facts is one that only our own bundles use. */
    static boolean isOurs(String type) {
        return type.equals("org.fieldhouse") || type.startsWith("org.fieldhouse.");
    }

    /** Whether a handler's topic ({@code a/b}, {@code a/*} or {@code *}) takes in a topic (Compendium 8.1, chapters 113 and 157). */
    static boolean covers(String pattern, String topic) {
        if (pattern.equals("*")) {
            return true;
        }
        return pattern.endsWith("/*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(topic);
    }
}
