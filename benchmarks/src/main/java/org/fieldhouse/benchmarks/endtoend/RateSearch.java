package org.fieldhouse.benchmarks.endtoend;

/**
 * Looks for the highest rate that a system holds, one trial after the other, so that several systems can be searched in turn.
 *
 * <p>First it climbs by a quarter until a rate does not hold. From the middle of that gap on each trial goes {@link #FINE} up after one
 * that held and down after one that did not, by {@link #COARSE} until it turns for the first time: a staircase, which stays about the
 * rate that holds in half of the trials, and which one unlucky trial moves by a step and not for good. What it finds is the geometric
 * mean of the rates of a round, from that turn on.
 */
final class RateSearch {
    static final double FINE = 1.025;
    static final double COARSE = 1.06;
    private static final double CLIMB = 1.25;
    /** Below that a system does not work at all. */
    private static final double LEAST = 250;

    private double rate;
    private double low;
    private double high;
    private double step = COARSE;
    private int direction;
    private double logs;
    private int trials;

    RateSearch(double first) {
        rate = first;
    }

    /** Messages per second in the next trial. */
    double next() {
        return rate;
    }

    /** Whether it still climbs: then a trial can be short. */
    boolean climbs() {
        return low == 0 || high == 0;
    }

    /** What became of the trial at {@link #next}. */
    void tried(boolean held) {
        if (!climbs()) {
            int now = held ? 1 : -1;
            if (direction != 0 && now != direction) {
                step = FINE;
            }
            direction = now;
            if (step == FINE) {
                logs += Math.log(rate);
                trials++;
            }
            rate = held ? rate * step : rate / step;
            return;
        }
        if (held) {
            low = rate;
        } else {
            high = rate;
        }
        if (!climbs()) {
            rate = Math.sqrt(low * high);
        } else if (held) {
            rate *= CLIMB;
        } else if (rate > LEAST) {
            rate /= 2;
        }
    }

    /** The rate of the trials since the last call, and begins the next round; NaN if it still climbs. */
    double round() {
        double found = climbs() ? Double.NaN : trials == 0 ? rate : Math.exp(logs / trials);
        logs = 0;
        trials = 0;
        return found;
    }
}
