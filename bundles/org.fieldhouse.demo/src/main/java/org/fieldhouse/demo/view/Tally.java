package org.fieldhouse.demo.view;

import org.fieldhouse.api.event.Fact;

/** Counts for the line below the blocks. */
final class Tally {
    private long events;
    private long ok;
    private long failed;

    /** What was counted since the last time. */
    record Sum(long events, long ok, long failed) {}

    void event(Fact fact) {
        events++;
        if (fact instanceof Fact.CommandEnded ended) {
            if (ended.result().ok()) {
                ok++;
            } else {
                switch (ended.result().outcome()) {
                    case FAILED, TIMED_OUT, UNKNOWN -> failed++;
                    default -> {
                        // overridden and superseded commands are neither
                    }
                }
            }
        }
    }

    Sum take() {
        Sum sum = new Sum(events, ok, failed);
        events = 0;
        ok = 0;
        failed = 0;
        return sum;
    }
}
