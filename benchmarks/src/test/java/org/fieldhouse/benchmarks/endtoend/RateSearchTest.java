package org.fieldhouse.benchmarks.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoublePredicate;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RateSearchTest {
    @Test
    void findsTheRateThatHoldsToAStep() {
        for (double truth : new double[] {700, 9_000, 21_300, 64_800, 120_000}) {
            assertThat(found(rate -> rate <= truth, 7, 2)).isCloseTo(truth, Percentage.withPercentage(2.5));
        }
    }

    @Test
    void tellsApartWhatDiffersByLessThanAStepOfTheClimb() {
        double slower = found(rate -> rate <= 55_000, 7, 2);
        double quicker = found(rate -> rate <= 65_000, 7, 2);
        assertThat(slower / quicker).isCloseTo(55.0 / 65, within(0.03));
    }

    @Test
    void anUnluckyTrialMovesItByAStepAndNotForGood() {
        double truth = 60_000;
        int[] trial = {0};
        // The ninth trial is in the middle of the first round.
        double found = found(rate -> ++trial[0] != 9 && rate <= truth, 7, 2);
        assertThat(found).isCloseTo(truth, Percentage.withPercentage(3));
    }

    @Test
    void staysAboutTheRateThatHoldsHalfOfTheTime() {
        Random random = new Random(7);
        double truth = 60_000;
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            // Within 5 % either side chance decides.
            sum += found(rate -> rate * (0.95 + 0.1 * random.nextDouble()) <= truth, 7, 2);
        }
        assertThat(sum / 50).isCloseTo(truth, Percentage.withPercentage(2));
    }

    @Test
    void endsWithoutARateThatHolds() {
        RateSearch search = new RateSearch(16_000);
        for (int i = 0; i < 14; i++) {
            assertThat(search.climbs()).isTrue();
            search.tried(false);
        }
        assertThat(search.next()).isLessThanOrEqualTo(250);
        assertThat(search.round()).isNaN();
    }

    private static double found(DoublePredicate holds, int trials, int rounds) {
        RateSearch search = new RateSearch(16_000);
        while (search.climbs()) {
            search.tried(holds.test(search.next()));
        }
        double last = Double.NaN;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < trials; i++) {
                search.tried(holds.test(search.next()));
            }
            last = search.round();
        }
        return last;
    }
}
