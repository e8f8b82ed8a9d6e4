package org.fieldhouse.rules.engine;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;

/** How acts of operators stand in the journal. */
public final class AlarmFacts {
    /** An operator's act: {@code alarm}, {@code act}, and {@code for} with shelve. */
    public static final String ACT = "org.fieldhouse.rules.AlarmAct";

    private AlarmFacts() {}

    /** @param micros how long to shelve; 0 for as long as the alarm allows */
    public static Fact.ExternalFact act(String alarm, AlarmAct act, long micros) {
        Map<String, Value> values = new HashMap<>();
        values.put("alarm", new Text(alarm));
        values.put("act", new Text(act.name().toLowerCase(Locale.ROOT)));
        if (micros > 0) {
            values.put("for", new Quantity(micros / 1e6, Units.SECOND));
        }
        return new Fact.ExternalFact(ACT, values);
    }
}
