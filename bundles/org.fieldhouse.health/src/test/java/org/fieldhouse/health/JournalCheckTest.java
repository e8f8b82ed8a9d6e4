package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.apache.felix.hc.api.Result;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.junit.jupiter.api.Test;

class JournalCheckTest {
    private static Result result(JournalStatus status) {
        Journal journal = (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("status")) {
                        return status;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        return new JournalCheck(journal).execute();
    }

    @Test
    void isFineWhileTheJournalCanBeWritten() {
        assertThat(result(JournalStatus.FINE).isOk()).isTrue();
        // What was lost once cannot be mended: it is in the journal and in `status`, and no reason to stay unready.
        assertThat(result(new JournalStatus("", 0, 12, 5, 16, 3, 1_000)).isOk()).isTrue();
    }

    @Test
    void saysWhyTheJournalCannotBeWrittenAndWhatWaits() {
        Result result = result(new JournalStatus("the disk is full", 120, 3, 7, 9, 0, 1_000));
        assertThat(result.isOk()).isFalse();
        assertThat(result.iterator().next().getMessage())
                .isEqualTo("the journal cannot be written: the disk is full; 120 events wait, 3 are lost");
    }
}
