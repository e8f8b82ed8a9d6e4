package org.fieldhouse.rules.check;

import java.util.List;
import java.util.function.Function;

/** Who does a job that has many parts. The library itself has no threads; whoever starts it may lend some. */
public interface Crew {
    /** The caller alone. */
    Crew ALONE = new Crew() {
        @Override
        public <T, R> List<R> map(List<T> all, Function<T, R> work) {
            return all.stream().map(work).toList();
        }
    };

    /** The results in the order of {@code all}; the work is done on any thread. What it throws is thrown here, when all has ended. */
    <T, R> List<R> map(List<T> all, Function<T, R> work);
}
