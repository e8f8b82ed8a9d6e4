package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT 5.0 section 4.7. */
class TopicFilterTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "a//b/", "+", "#", "+/b/#", "$SYS/#", "ü ñ/$x", "$shared/x"})
    void canBeSubscribedTo(String filter) {
        assertThat(TopicFilter.filterFault(filter)).isEmpty();
    }

    /** The messages of a shared one come under their own topics, to one of those that share it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a+", "a/#/b", "a#", "a\0b", "$share/group/a/+"})
    void cannotBeSubscribedTo(String filter) {
        assertThat(TopicFilter.filterFault(filter)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "a/+,a/b,true",
        "a/#,a,true",
        "a/#,a/b/+,true",
        "a/+,a/b/c,false",
        "a/+,a,false",
        "#,$SYS/x,false",
        "+/x,$SYS/x,false",
        "$SYS/#,$SYS/x,true",
        "/+,/a,true",
        "+,/a,false"
    })
    void coversWhatItMatches(String wide, String narrow, boolean covers) {
        assertThat(TopicFilter.covers(wide, narrow)).isEqualTo(covers);
    }
}
