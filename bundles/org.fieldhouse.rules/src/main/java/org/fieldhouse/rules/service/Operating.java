package org.fieldhouse.rules.service;

import java.time.Duration;
import java.util.List;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.rules.engine.AlarmStanding;
import org.fieldhouse.rules.engine.Wording;
import org.jspecify.annotations.Nullable;

/** Which acts an alarm allows in which state, as in figure 2 of ANSI/ISA-18.2-2016. */
final class Operating {
    private Operating() {}

    /** @throws IllegalArgumentException if it cannot be done now; the message says why */
    static void check(AlarmStanding alarm, AlarmAct act, @Nullable Duration duration) {
        String state = alarm.state();
        List<String> from =
                switch (act) {
                    case ACKNOWLEDGE -> List.of("unacknowledged", "returned");
                    case UNSHELVE -> List.of("shelved");
                    case IN_SERVICE -> List.of("out_of_service");
                    case SHELVE, SUPPRESS, UNSUPPRESS, OUT_OF_SERVICE -> List.of();
                };
        if (!from.isEmpty() && !from.contains(state)) {
            throw new IllegalArgumentException(alarm.head().name() + " is " + state.replace('_', ' ') + ", not "
                    + String.join(" or ", from).replace('_', ' '));
        }
        if (duration != null && act != AlarmAct.SHELVE) {
            throw new IllegalArgumentException("only shelving takes a time");
        }
        if (duration != null && (duration.isNegative() || duration.isZero())) {
            throw new IllegalArgumentException("an alarm is shelved for a time above 0");
        }
        if (duration != null && duration.toMillis() > alarm.shelveSeconds() * 1000) {
            throw new IllegalArgumentException(alarm.head().name() + " can be shelved for "
                    + Wording.duration(Duration.ofMillis(Math.round(alarm.shelveSeconds() * 1000)))
                    + " at most, not for " + Wording.duration(duration));
        }
    }
}
