package org.fieldhouse.runtime.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    /** The heap that {@code leaks} tells of is one without garbage, whether or not a bundle has left. */
    @Test
    void collectsThoughNobodyLeft() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());

        assertThat(new Departures(() -> {}).leaks(false)).isEmpty();

        assertThat(garbage.refersTo(null)).isTrue();
    }
}
