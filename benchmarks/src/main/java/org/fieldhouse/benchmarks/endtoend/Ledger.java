package org.fieldhouse.benchmarks.endtoend;

import java.util.Arrays;

/** How often each number was seen, in which order. Any thread. */
final class Ledger {
    private int[] counts = new int[1_024];
    private long highest = -1;
    private long disordered;
    private long total;

    synchronized void add(long number) {
        int n = Math.toIntExact(number);
        if (n >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(counts.length * 2, n + 1));
        }
        counts[n]++;
        total++;
        if (n < highest) {
            disordered++;
        }
        highest = Math.max(highest, n);
    }

    synchronized void clear() {
        Arrays.fill(counts, 0);
        highest = -1;
        disordered = 0;
        total = 0;
    }

    synchronized int count(long number) {
        return number < counts.length ? counts[(int) number] : 0;
    }

    /** Different numbers seen. */
    synchronized long different() {
        return Arrays.stream(counts).filter(c -> c > 0).count();
    }

    /** Sightings beyond the first of their number. */
    synchronized long repeated() {
        return total - different();
    }

    /** Sightings after a higher number. */
    synchronized long disordered() {
        return disordered;
    }
}
