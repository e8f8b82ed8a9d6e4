package org.fieldhouse.binding.mqtt.homeassistant;

import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;

/** The words and positions of covers and valves. */
final class CoverStates {
    private final String open;
    private final String closed;
    private final String opening;
    private final String closing;
    private final String stopped;

    CoverStates(EntityConfig c) {
        open = c.text("state_open", "open");
        closed = c.text("state_closed", "closed");
        opening = c.text("state_opening", "opening");
        closing = c.text("state_closing", "closing");
        stopped = c.text("state_stopped", "stopped");
    }

    /** What moves is not closed; what has stopped somewhere says nothing new. */
    Reading decode(String raw) {
        if (raw.equals(open) || raw.equals(opening) || raw.equals(closing)) {
            return Reading.ON;
        }
        if (raw.equals(closed)) {
            return Reading.OFF;
        }
        return raw.isEmpty() || raw.equals(stopped)
                ? Reading.ABSENT
                : raw.equals("None")
                        ? Reading.UNKNOWN
                        : Reading.bad(Scalars.shown(raw) + " is neither '" + open + "' nor '" + closed + "'");
    }

    static Reading percent(String raw, double closed, double factor) {
        double n = Scalars.number(raw.strip());
        if (Double.isNaN(n)) {
            return raw.isBlank()
                    ? Reading.ABSENT
                    : raw.equals("None") ? Reading.UNKNOWN : Reading.bad(Scalars.shown(raw) + " is not a position");
        }
        double percent = (n - closed) * factor;
        return Reading.good(new Quantity(Math.max(0, Math.min(100, percent)), Units.PERCENT));
    }

    static Reading byPosition(String raw, double closed, double factor) {
        Reading reading = percent(raw, closed, factor);
        return reading instanceof Reading.Good good && good.value() instanceof Quantity q
                ? q.number() > 0 ? Reading.ON : Reading.OFF
                : reading;
    }

    static double wire(Value percent, double closed, double factor) {
        return percent instanceof Quantity q ? Math.round(q.number() / factor + closed) : closed;
    }
}
