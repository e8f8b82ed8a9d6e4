package org.fieldhouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.EventSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every binding keeps to. Extend it, say how your devices are made, and the tests come with it.
 *
 * <p>A device that needs a machine is given a simulator that the subclass starts; one that needs a bridge is given it by
 * {@link #bridge}.
 */
public abstract class BindingContract {
    private static final int OPENINGS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The binding under test; asked once per test. */
    protected abstract Binding binding();

    /** Types with settings that can be opened here and now; every type of the binding at least once. */
    protected abstract List<Example> examples();

    /** Types with settings that {@link Device#open} refuses: no such host, no such port. */
    protected List<Example> unreachable() {
        return List.of();
    }

    /** The opened bridge that an example needs; null if it is reached directly. */
    protected @Nullable Device bridge(Example example) {
        return null;
    }

    /** Makes the machine send what the device cannot understand; the contract then looks for it in the counter. */
    protected boolean sendGarbage(Example example) throws Exception {
        return false;
    }

    /**
     * @param type one of {@link Binding#types}
     * @param settings as under {@code config:}
     */
    public record Example(String type, Map<String, Object> settings) {
        public Example {
            settings = Map.copyOf(settings);
        }
    }

    private static DeviceConfig config(Example example, Settings settings) {
        return new DeviceConfig(DeviceId.of("contract-" + example.type), "Contract", example.type, null, settings);
    }

    private static Device create(Binding binding, Example example) throws SettingsException {
        return binding.create(config(example, Settings.of(example.settings)));
    }

    private FakeContext context(Example example) {
        return new FakeContext(DeviceId.of("contract-" + example.type), new FakeClock(), bridge(example));
    }

    @Test
    void hasAnIdAndTypesThatCanBeWrittenInAFile() {
        Binding binding = binding();
        assertThat(binding.id()).matches("[a-z][a-z0-9-]*");
        assertThat(binding.types()).isNotEmpty().allMatch(t -> t.matches("[a-z][a-z0-9-]*"));
        assertThat(examples().stream().map(Example::type).collect(Collectors.toSet()))
                .as("every type has an example")
                .containsAll(binding.types());
    }

    @Test
    void makingADeviceStartsNothing() throws Exception {
        Binding binding = binding();
        Set<Thread> before = threads();
        for (Example example : examples()) {
            for (int i = 0; i < 100; i++) {
                create(binding, example);
            }
        }
        assertThat(names(added(before))).as("threads that create started").isEmpty();
    }

    @Test
    void refusesATypeThatItDoesNotHave() {
        Example wrong = new Example("no-such-type", Map.of());
        assertThatThrownBy(() -> create(binding(), wrong)).isInstanceOf(SettingsException.class);
    }

    @Test
    void doesNotSwallowAMisspeltSetting() throws Exception {
        for (Example example : examples()) {
            Map<String, Object> more = new HashMap<>(example.settings);
            more.put("no-such-setting", "x");
            Settings settings = Settings.of(more);
            binding().create(config(example, settings));
            assertThat(settings.unread()).as(example.type).containsExactly("no-such-setting");
        }
    }

    @Test
    void doesNotReadWhatItThenRefusesToSay() throws Exception {
        for (Example example : examples()) {
            for (String key : example.settings.keySet()) {
                Map<String, Object> wrong = new HashMap<>(example.settings);
                wrong.put(key, List.of(List.of()));
                Throwable thrown = catchThrowable(() -> binding().create(config(example, Settings.of(wrong))));
                assertThat(thrown)
                        .as("%s with a senseless '%s'", example.type, key)
                        .isInstanceOf(SettingsException.class);
            }
        }
    }

    @Test
    void anOpenedDeviceSaysWhatItIsAndReportsNothingElse() throws Exception {
        for (Example example : examples()) {
            Device device = create(binding(), example);
            FakeContext context = context(example);
            try {
                device.open(context);
                context.run();
                context.advance(Duration.ofMinutes(1));
                assertThat(context.description().type()).as(example.type).isNotEqualTo("unknown");
                assertThat(context.unfit())
                        .as("reports of %s that do not fit", example.type)
                        .isEmpty();
                Set<String> events = context.description().events().stream()
                        .map(EventSpec::name)
                        .collect(Collectors.toSet());
                assertThat(context.signals()).allMatch(s -> events.contains(s.event()));
            } finally {
                device.close();
                context.close();
            }
        }
    }

    @Test
    void openedAgainAndAgainItLeavesNothingBehind() throws Exception {
        for (Example example : examples()) {
            Device device = create(binding(), example);
            openAndClose(device, example); // what is loaded once, is loaded now
            Set<Thread> before = threads();
            for (int i = 0; i < OPENINGS; i++) {
                openAndClose(device, example);
            }
            assertThat(names(added(before)))
                    .as("threads left by %s", example.type)
                    .isEmpty();
        }
    }

    private void openAndClose(Device device, Example example) throws Exception {
        FakeContext context = context(example);
        device.open(context);
        context.run();
        device.close();
        context.close();
        assertThat(context.alive()).as("threads that ignore interruption").isEmpty();
    }

    @Test
    void afterAFailedOpeningItCanBeClosedAndOpenedAgain() throws Exception {
        for (Example example : unreachable()) {
            Device device = create(binding(), example);
            Set<Thread> before = threads();
            for (int i = 0; i < 2; i++) {
                FakeContext context = context(example);
                assertThatThrownBy(() -> device.open(context))
                        .as(example.type)
                        .isInstanceOf(BindingException.class)
                        .message()
                        .isNotBlank();
                assertThatCode(device::close).doesNotThrowAnyException();
                context.close();
            }
            assertThat(names(added(before)))
                    .as("threads left by %s", example.type)
                    .isEmpty();
        }
    }

    @Test
    void whatComesLateDoesNoHarm() throws Exception {
        for (Example example : examples()) {
            Device device = create(binding(), example);
            FakeContext context = context(example);
            device.open(context);
            device.close();
            context.close();
            int said = context.reports().size();
            Command late = new Command(
                    1, new CallAction(context.id(), "no_such_action", Map.of()), Cause.RUNTIME, 0, 10_000_000);
            Throwable thrown = catchThrowable(() -> device.handle(late));
            assertThat(thrown == null || thrown instanceof BindingException)
                    .as("handle after close threw %s", thrown)
                    .isTrue();
            assertThat(context.reports()).hasSize(said);
        }
    }

    @Test
    void garbageIsCountedAndSurvived() throws Exception {
        for (Example example : examples()) {
            Device device = create(binding(), example);
            FakeContext context = context(example);
            device.open(context);
            try {
                if (sendGarbage(example)) {
                    await(() -> {
                        context.run();
                        return !context.malformed().isEmpty();
                    });
                    assertThat(context.malformed()).as(example.type).isNotEmpty();
                    assertThat(context.lost())
                            .as("%s lost its connection over garbage", example.type)
                            .isNull();
                }
            } finally {
                device.close();
                context.close();
            }
        }
    }

    // ---- threads

    private static Set<Thread> threads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    /** Threads that were not there before, when those that are about to end have ended. */
    private static Set<Thread> added(Set<Thread> before) throws Exception {
        await(() -> names(fresh(before)).isEmpty());
        return fresh(before);
    }

    private static Set<Thread> fresh(Set<Thread> before) {
        return threads().stream()
                .filter(t -> !before.contains(t) && t.isAlive())
                // The JDK's own: they come when they are needed, once.
                .filter(t -> !t.getName().matches("Common-Cleaner|Attach Listener|process reaper.*|ForkJoinPool.*"))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Set<Thread> threads) {
        return threads.stream().map(Thread::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
