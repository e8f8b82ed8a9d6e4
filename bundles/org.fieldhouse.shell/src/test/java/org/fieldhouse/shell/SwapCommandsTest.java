package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** Whoever replaces a bundle is told how it went, by the result of the command too, and it is in the audit. */
class SwapCommandsTest {
    private final List<Fact.AuditRecorded> audit = new ArrayList<>();
    private final List<Cue> cues = new ArrayList<>();

    private final EventBus bus = fake(EventBus.class, (method, arguments) -> {
        audit.add((Fact.AuditRecorded) arguments[0]);
        cues.add((Cue) arguments[1]);
        return CompletableFuture.completedFuture(null);
    });

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private SwapCommands commands(Outcome outcome, String reason) {
        Swap end = new Swap("acme", 7, "1.0.0", "2.0.0", outcome, reason, Duration.ofMillis(3), Instant.EPOCH);
        HotSwap swaps = fake(HotSwap.class, (method, arguments) -> CompletableFuture.completedFuture(end));
        return new SwapCommands(swaps, bus, fake(BundleContext.class, (method, arguments) -> null));
    }

    @Test
    void aVersionThatWasTakenBackIsAFailureWithItsReason() {
        SwapCommands commands = commands(Outcome.ROLLED_BACK, "no coffee");
        assertThatThrownBy(() -> commands.swap("7", "/tmp/acme.jar"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("ROLLED_BACK", "no coffee");
        Path file = Path.of("/tmp/acme.jar").toAbsolutePath();
        assertThat(audit)
                .containsExactly(new Fact.AuditRecorded(
                        "bundle.refused", "acme 1.0.0 → 2.0.0", file + ": ROLLED_BACK, no coffee"));
        assertThat(cues).containsExactly(Cue.user(Times.user()));
    }

    @Test
    void aGoodVersionIsInTheAuditToo() {
        SwapCommands commands = commands(Outcome.REPLACED, "");
        assertThatCode(() -> commands.swap("7", "/tmp/acme.jar")).doesNotThrowAnyException();
        assertThat(audit).extracting(Fact.AuditRecorded::action).containsExactly("bundle.swapped");
    }
}
