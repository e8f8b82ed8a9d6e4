package org.fieldhouse.runtime.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

class DeparturesTest {
    /** The heap that {@code leaks} tells of is one without garbage, whether or not a bundle has left. */
    @Test
    void collectsThoughNobodyLeft() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());

        assertThat(new Departures(() -> {}).leaks(false)).isEmpty();

        assertThat(garbage.refersTo(null)).isTrue();
    }

    @Test
    void saysSinceWhenAStartDoesNotReturn() {
        Bundle bundle = (Bundle) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getSymbolicName" -> "org.example.acme";
                    case "getVersion" -> new Version(1, 1, 0);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        Instant before = Instant.now();
        Departures departures = new Departures(() -> {});

        departures.stuck(bundle, new Thread("fieldhouse-swap-start"));

        assertThat(departures.leaks(false)).singleElement().satisfies(leak -> {
            assertThat(leak.bundle()).isEqualTo("org.example.acme 1.1.0");
            assertThat(leak.left()).isBetween(before, Instant.now());
            assertThat(leak.holders()).containsExactly("thread fieldhouse-swap-start never returns from its start");
        });
    }
}
