package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.junit.jupiter.api.Test;

class JournalCheckTest {
    private static List<String> problems(JournalStatus status) {
        Journal journal = (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("status")) {
                        return status;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Readiness.ask(new JournalCheck(journal), problems, warnings);
        assertThat(warnings).isEmpty();
        return problems;
    }

    @Test
    void isFineWhileTheJournalCanBeWritten() {
        assertThat(problems(JournalStatus.FINE)).isEmpty();
        // What was lost once cannot be mended: it is in the journal and in `status`, and no reason to stay unready.
        assertThat(problems(new JournalStatus("", 0, 12, 5, 16, 3, 1_000))).isEmpty();
    }

    @Test
    void saysWhyTheJournalCannotBeWrittenAndWhatWaits() {
        assertThat(problems(new JournalStatus("the disk is full", 120, 3, 7, 9, 0, 1_000)))
                .containsExactly("the journal cannot be written: the disk is full; 120 events wait, 3 are lost");
    }
}
