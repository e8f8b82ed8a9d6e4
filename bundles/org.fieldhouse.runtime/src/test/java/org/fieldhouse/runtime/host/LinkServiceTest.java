package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.support.FakeIngress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkServiceTest {
    private final DeviceHost host = DeviceHostFixtures.host(
            new FakeIngress(),
            new DeviceHost.Limits(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(30)));
    private final LinkService links = new LinkService(host);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        host.close();
    }

    /** A radio that takes links and one that does not. */
    private final class Radios implements Binding {
        @Override
        public String id() {
            return "radios";
        }

        @Override
        public Set<String> types() {
            return Set.of("radio", "wire");
        }

        @Override
        public Device create(DeviceConfig config) {
            return config.type().equals("radio") ? new Radio() : context -> {};
        }
    }

    private final class Radio implements Device, LinkCapable {
        @Override
        public void open(DeviceContext context) {}

        @Override
        public CompletionStage<Void> program(DirectLink link) throws BindingException {
            asked.add("program " + link);
            if (link.to().value().equals("far")) {
                throw new BindingException("out of reach");
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> remove(DirectLink link) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public CompletionStage<Boolean> verify(DirectLink link) {
            return CompletableFuture.completedFuture(true);
        }
    }

    private static DirectLink link(String from, String to) {
        return new DirectLink(new DeviceId(from), new DeviceId(to), List.of("onoff"));
    }

    private String failure(CompletionStage<?> stage) {
        return stage.handle((value, failure) -> failure == null
                        ? "done"
                        : failure.getCause() == null
                                ? failure.getMessage()
                                : failure.getCause().getMessage())
                .toCompletableFuture()
                .join();
    }

    @Test
    void asksTheMachineOrSaysWhyNot() {
        host.add(new Radios());
        host.apply(List.of(
                DeviceHostTest.direct(DeviceHostTest.entry("radios", "A", "radio", null, Map.of())),
                DeviceHostTest.direct(DeviceHostTest.entry("radios", "W", "wire", null, Map.of())),
                DeviceHostTest.direct(DeviceHostTest.entry("missing", "M", "radio", null, Map.of()))));
        await().until(() -> List.of("a", "w").stream().allMatch(id -> host.model()
                .device(new DeviceId(id))
                .orElseThrow()
                .status()
                .isOnline()));

        assertThat(failure(links.program(link("a", "w")))).isEqualTo("done");
        assertThat(asked).containsExactly("program a -> w [onoff]");
        assertThat(links.verify(link("a", "w")).toCompletableFuture().join()).isTrue();
        assertThat(failure(links.program(link("a", "far")))).isEqualTo("out of reach");
        assertThat(failure(links.remove(link("a", "w")))).startsWith("its binding failed: ");
        assertThat(failure(links.program(link("w", "a")))).isEqualTo("W cannot command another device itself");
        assertThat(failure(links.program(link("m", "a")))).isEqualTo("M is not online");
        assertThat(failure(links.program(link("nobody", "a")))).isEqualTo("there is no device nobody");
    }
}
