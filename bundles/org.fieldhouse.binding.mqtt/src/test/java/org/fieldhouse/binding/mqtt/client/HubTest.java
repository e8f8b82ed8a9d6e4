package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the broker is asked for, and when it is given back. */
class HubTest {
    private final List<String> sent = new ArrayList<>();
    private final AtomicInteger departing = new AtomicInteger();
    private final Hub hub = new Hub();
    private final MqttLink link = (MqttLink) Proxy.newProxyInstance(
            MqttLink.class.getClassLoader(), new Class<?>[] {MqttLink.class}, (proxy, method, arguments) -> {
                sent.add(method.getName()
                        + ((List<?>) arguments[0])
                                .stream()
                                        .map(x -> x instanceof MqttLink.Wanted w ? w.filter() : x)
                                        .toList());
                return null;
            });

    @BeforeEach
    void start() {
        hub.start(() -> {}, false);
    }

    private Subscription subscribe(String filter) {
        return hub.subscribe(filter, 1, message -> {}, reason -> {});
    }

    private List<String> flushed() throws Exception {
        sent.clear();
        hub.flush(link);
        return List.copyOf(sent);
    }

    @Test
    void givesBackAtOnceWhereNoSessionIsKept() throws Exception {
        Subscription one = subscribe("a");
        assertThat(flushed()).containsExactly("subscribe[a]");
        one.close();
        assertThat(flushed()).containsExactly("unsubscribe[a]");
    }

    @Test
    void aKeptSessionGivesBackLater() throws Exception {
        hub.departLater(departing::incrementAndGet);
        Subscription one = subscribe("a");
        Subscription two = subscribe("b");
        flushed();
        one.close();
        two.close();
        assertThat(flushed()).isEmpty();
        assertThat(departing).hasValue(1);
        hub.depart();
        assertThat(flushed()).containsExactly("unsubscribe[a, b]");
        subscribe("c").close();
        assertThat(departing).hasValue(2);
    }

    /** A filter that overlaps with one that is to go would bring messages twice. */
    @Test
    void whatComesWaitsForNoneThatGoes() throws Exception {
        hub.departLater(departing::incrementAndGet);
        Subscription wide = subscribe("a/#");
        subscribe("a/b");
        assertThat(flushed()).containsExactly("subscribe[a/#, a/b]", "unsubscribe[a/b]");
        wide.close();
        assertThat(flushed()).isEmpty();
        subscribe("a/c");
        assertThat(flushed()).containsExactly("subscribe[a/b]", "unsubscribe[a/#]", "subscribe[a/c]");
    }
}
