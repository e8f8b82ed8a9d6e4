package org.fieldhouse.rules.engine;

import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Text;

/** How links stand in the journal. */
public final class LinkFacts {
    /** A link runs elsewhere than before: {@code link}, {@code at}, {@code reason}. */
    public static final String PLACED = "org.fieldhouse.rules.LinkPlaced";

    /** Where a link runs. */
    public enum At {
        DEVICE,
        GATEWAY,
        /** It was taken out of the machine and left the rules. */
        REMOVED
    }

    private LinkFacts() {}

    /** @param reason why it is not at the device; empty if it is */
    public static Fact.ExternalFact placed(String link, At at, String reason) {
        return new Fact.ExternalFact(
                PLACED, Map.of("link", new Text(link), "at", new Text(at.name()), "reason", new Text(reason)));
    }

    public static String link(Fact.ExternalFact fact) {
        return text(fact, "link");
    }

    public static boolean isAt(Fact.ExternalFact fact, At at) {
        return text(fact, "at").equals(at.name());
    }

    public static String reason(Fact.ExternalFact fact) {
        return text(fact, "reason");
    }

    private static String text(Fact.ExternalFact fact, String field) {
        return fact.values().get(field) instanceof Text text ? text.value() : "";
    }
}
