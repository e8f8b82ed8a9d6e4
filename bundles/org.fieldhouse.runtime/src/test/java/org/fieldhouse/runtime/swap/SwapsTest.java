package org.fieldhouse.runtime.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.log.LoggerAdminImpl;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.swap.Leak;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.DeviceHostFixtures;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.swap.sample.Sample;
import org.fieldhouse.runtime.swap.sample.Sample.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.resolver.Resolver;

/** Good and bad versions of a binding in a real framework with a real device host. */
class SwapsTest {
    private static final String NAME = "sample.binding";
    private static final String API = List.of("binding", "command", "config", "event", "model", "value").stream()
            .map(p -> "org.fieldhouse.api." + p)
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();

    @TempDir
    Path folder;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final DeviceHost host = DeviceHostFixtures.host(
            new FakeIngress(),
            new DeviceHost.Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30)));
    private Framework framework;
    private BundleContext context;
    private Swaps swaps;
    private int jars;

    @BeforeEach
    void startTheFramework() throws Exception {
        System.getProperties().put(Sample.CALLS, calls);
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        API,
                        Constants.FRAMEWORK_BSNVERSION,
                        Constants.FRAMEWORK_BSNVERSION_MULTIPLE,
                        "fieldhouse.home",
                        folder.toString()));
        framework.start();
        context = framework.getBundleContext();
        swaps = swaps(context);
        context.addServiceListener(
                event -> {
                    Binding binding = (Binding) context.getService(event.getServiceReference());
                    if (event.getType() == ServiceEvent.REGISTERED) {
                        host.add(binding);
                    } else if (event.getType() == ServiceEvent.UNREGISTERING) {
                        host.remove(binding);
                    }
                },
                "(objectClass=" + Binding.class.getName() + ")");
        Bundle first = context.installBundle("first", Files.newInputStream(jar("1.0.0", Trouble.NOTHING)));
        first.start();
        DeviceEntry entry = DeviceHostFixtures.entry("sample", "Thing", "thing", null, Map.of());
        host.apply(List.of(DeviceHostFixtures.direct(entry)));
        awaitOnline();
        calls.clear();
    }

    private Swaps swaps(BundleContext of) throws IOException {
        Swaps.Limits limits = new Swaps.Limits(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(500));
        Swaps made = new Swaps(
                of, host, limits, new JarKeeper(folder.resolve("kept")), new Departures(new Remnants(of)::forget));
        of.addBundleListener(made);
        host.watch(made);
        return made;
    }

    @AfterEach
    void stop() throws Exception {
        System.setProperty("sample.release", "");
        swaps.close();
        host.close();
        framework.stop();
        framework.waitForStop(10_000);
        System.clearProperty("sample.release");
        System.getProperties().remove(Sample.CALLS);
    }

    private Path jar(String version, Trouble trouble) throws IOException {
        return jar(NAME, version, trouble);
    }

    private Path jar(String name, String version, Trouble trouble) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        main.putValue(Constants.BUNDLE_ACTIVATOR, Sample.class.getName());
        main.putValue(Constants.IMPORT_PACKAGE, "org.osgi.framework," + API);
        main.putValue(Sample.HEADER, trouble.name());
        Path jar = folder.resolve(++jars + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (String part : List.of("", "$Trouble", "$Thing", "$1")) {
                String entry = Sample.class.getName().replace('.', '/') + part + ".class";
                try (InputStream in = Sample.class.getClassLoader().getResourceAsStream(entry)) {
                    if (in != null) {
                        out.putNextEntry(new JarEntry(entry));
                        in.transferTo(out);
                    }
                }
            }
        }
        return jar;
    }

    private void awaitOnline() {
        await().atMost(Duration.ofSeconds(10)).until(() -> host.model()
                .device(new DeviceId("thing"))
                .orElseThrow()
                .status()
                .isOnline());
    }

    /** The one version that is there. */
    private Bundle only() {
        List<Bundle> all = all();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private List<Bundle> all() {
        return Arrays.stream(context.getBundles())
                .filter(b -> NAME.equals(b.getSymbolicName()))
                .toList();
    }

    private Swap replace(Path jar) throws Exception {
        return swaps.replace(only().getBundleId(), jar).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsKeptOfAVersionThatLeft() throws Exception {
        LoggerAdminImpl loggers = new LoggerAdminImpl("WARN", null);
        context.registerService("org.osgi.service.log.admin.LoggerAdmin", loggers, null);
        Bundle first = only();
        BundleContext its = first.getBundleContext();
        assertThat(its.getService(its.getServiceReference(Resolver.class))).isNotNull();
        loggers.getLogger(first, "of the first", org.osgi.service.log.Logger.class);
        WeakReference<Bundle> gone = new WeakReference<>(first);
        first = null;
        its = null;
        assertThat(replace(jar("2.0.0", Trouble.NOTHING)).outcome()).isEqualTo(Outcome.REPLACED);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            System.gc();
            return gone.refersTo(null);
        });
    }

    @Test
    void aGoodVersionTakesOverWhileTheOldOneIsThere() throws Exception {
        int level = only().adapt(BundleStartLevel.class).getStartLevel();
        Swap swap = replace(jar("2.0.0", Trouble.NOTHING));
        assertThat(swap.outcome()).as(swap.reason()).isEqualTo(Outcome.REPLACED);
        assertThat(calls).containsExactly("1.0.0 quiesce", "1.0.0 handOver", "2.0.0 takeOver 1.0.0");
        Bundle now = only();
        assertThat(now.getVersion()).hasToString("2.0.0");
        assertThat(now.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(now.getBundleId()).isEqualTo(swap.bundleId());
        assertThat(now.adapt(BundleStartLevel.class).isPersistentlyStarted()).isTrue();
        assertThat(now.adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(level);
        assertThat(replace(jar("3.0.0", Trouble.NOTHING)).outcome()).isEqualTo(Outcome.REPLACED);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("3.0.0 takeOver 1.0.0");
        assertThat(swaps.leaks(false)).isEmpty();
    }

    /** Stack traces have names of classes alone, which all versions share; so whose a thread is, is known by whom it was begun. */
    @Test
    void aThreadThatIsLostInADeviceIsNamedAndWhatItBeginsLaterToo() throws Exception {
        Swap swap = replace(jar("2.0.0", Trouble.TAKE_OVER_NEVER_ENDS));
        assertThat(swap.outcome()).isNotEqualTo(Outcome.REPLACED);
        assertThat(swap.reason()).contains("thing is UPDATING: its open or takeOver has not returned");
        awaitHolder("was written off: it never returned from 'fieldhouse-lane-");
        System.setProperty("sample.release", "");
        awaitHolder("thread 'late' was begun by one that was written off: 'fieldhouse-lane-");
    }

    private void awaitHolder(String words) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(swaps.leaks(false))
                .filteredOn(leak -> leak.bundle().equals(NAME + " 2.0.0"))
                .flatExtracting(Leak::holders)
                .anySatisfy(holder -> assertThat(holder).contains(words)));
    }

    /** What is seen before a device would notice costs it nothing. */
    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"THROWS", "HANGS", "NO_BINDING", "CANNOT_CREATE"})
    void aVersionThatDoesNotComeUpIsNeverSeenByADevice(Trouble trouble) throws Exception {
        Swap swap = replace(jar("2.0.0", trouble));
        assertThat(swap.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(swap.reason())
                .contains(
                        switch (trouble) {
                            case THROWS -> "broken on purpose";
                            case HANGS ->
                                "did not return from its start within 0 s; it is in " + Sample.class.getName();
                            case NO_BINDING -> "brought no binding 'sample'";
                            default -> "cannot create on purpose";
                        });
        assertThat(swap.gap()).isZero();
        assertThat(calls).isEmpty();
        assertThat(only().getVersion()).hasToString("1.0.0");
        awaitOnline();
    }

    @Test
    void aStartThatIgnoresInterruptionIsLeftAloneAndNamed() throws Exception {
        long id = only().getBundleId();
        Swap swap = replaceById(id, jar("2.0.0", Trouble.NEVER_ENDS));
        assertThat(swap.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(calls).isEmpty();
        assertThat(context.getBundle(id).getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(swaps.leaks(false))
                .anySatisfy(leak -> assertThat(leak.holders().toString()).contains("never returns from its start"));
        awaitOnline();
    }

    private Swap replaceById(long id, Path jar) throws Exception {
        return swaps.replace(id, jar).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aStateThatTheNewVersionDoesNotReadIsNoFault() throws Exception {
        assertThat(replace(jar("2.0.0", Trouble.REFUSES_STATE)).outcome()).isEqualTo(Outcome.REPLACED);
        assertThat(calls).containsExactly("1.0.0 quiesce", "1.0.0 handOver", "2.0.0 takeOver 1.0.0", "2.0.0 open");
    }

    @Test
    void whatANewVersionCannotTakeOverGoesBack() throws Exception {
        Swap swap = replace(jar("2.0.0", Trouble.TAKE_OVER_THROWS));
        assertThat(swap.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(swap.reason()).contains("cannot take over on purpose");
        assertThat(calls)
                .startsWith("1.0.0 quiesce", "1.0.0 handOver", "2.0.0 takeOver 1.0.0")
                .endsWith("1.0.0 takeOver 1.0.0");
        assertThat(only().getVersion()).hasToString("1.0.0");
        awaitOnline();
    }

    @Test
    void aVersionThatIsNeverHealthyHandsBack() throws Exception {
        Swap swap = replace(jar("2.0.0", Trouble.NEVER_HEALTHY));
        assertThat(swap.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(swap.reason()).contains("1 of 1 devices that were online are not");
        assertThat(calls).endsWith("2.0.0 quiesce", "2.0.0 handOver", "1.0.0 takeOver 1.0.0");
        assertThat(only().getVersion()).hasToString("1.0.0");
        awaitOnline();
    }

    @Test
    void anotherBundleIsNoVersionOfThisOne() throws Exception {
        Swap swap = replace(jar("another", "2.0.0", Trouble.NOTHING));
        assertThat(swap.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(swap.reason()).isEqualTo("the jar is another, not " + NAME);
        assertThat(context.getBundles()).noneMatch(b -> "another".equals(b.getSymbolicName()));
    }

    @Test
    void aJarThatIsNoneIsNotTakenIn() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertThat(replace(text).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(only().getVersion()).hasToString("1.0.0");
        assertThat(calls).isEmpty();
    }

    @Test
    void oneUpdateAtATime() throws Exception {
        long id = only().getBundleId();
        CompletableFuture<Swap> first =
                swaps.replace(id, jar("2.0.0", Trouble.HANGS)).toCompletableFuture();
        assertThatThrownBy(() -> replaceById(id, jar("3.0.0", Trouble.NOTHING)))
                .hasMessageContaining("is being replaced already");
        assertThat(first.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(replace(jar("3.0.0", Trouble.NOTHING)).outcome()).isEqualTo(Outcome.REPLACED);
    }

    /** Its configuration was changed: the component goes and comes, and the bundle is the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBindingThatLeftWithoutItsBundleCanBeUpdated(boolean cameBack) throws Exception {
        Binding binding = context.getService(context.getServiceReference(Binding.class));
        host.remove(binding);
        if (cameBack) {
            host.add(binding);
            awaitOnline();
        }
        Swap swap = replace(jar("2.0.0", Trouble.NOTHING));
        assertThat(swap.outcome()).as(swap.reason()).isEqualTo(Outcome.REPLACED);
        awaitOnline();
    }

    @Test
    void whenTheRuntimeStopsTheOldVersionStaysAndNothingIsPutBack() throws Exception {
        CompletableFuture<Swap> swap = swaps.replace(only().getBundleId(), jar("2.0.0", Trouble.NEVER_HEALTHY))
                .toCompletableFuture();
        await().until(() -> calls.contains("2.0.0 takeOver 1.0.0"));
        swaps.close();
        await().until(swap::isDone);
        await().untilAsserted(() -> assertThat(only().getVersion()).hasToString("1.0.0"));
    }

    /** A power cut in the middle of a trial leaves both; the next start puts that right. */
    @Test
    void aVersionOnTrialDoesNotOutliveTheRun() throws Exception {
        Bundle left = context.installBundle(Beside.LOCATION + "1", Files.newInputStream(jar("2.0.0", Trouble.NOTHING)));
        assertThat(all()).hasSize(2);
        Beside.sweep(context);
        assertThat(only().getVersion()).hasToString("1.0.0");
        assertThat(left.getState()).isEqualTo(Bundle.UNINSTALLED);
    }

    @Test
    void aVersionThatHadPassedOutlivesTheOneBefore() throws Exception {
        context.installBundle(Beside.LOCATION + "1", Files.newInputStream(jar("2.0.0", Trouble.NOTHING)))
                .start();
        Beside.sweep(context);
        assertThat(only().getVersion()).hasToString("2.0.0");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"THROWS", "HANGS", "NO_BINDING", "CANNOT_CREATE", "TAKE_OVER_THROWS", "NEVER_HEALTHY"})
    void anUpdateThroughTheFrameworkIsTakenBackToo(Trouble trouble) throws Exception {
        Bundle bundle = only();
        Thread updater = new Thread(() -> {
            try (InputStream jar = Files.newInputStream(jar("2.0.0", trouble))) {
                bundle.update(jar);
            } catch (BundleException | IOException e) {
                calls.add("update: " + e.getMessage());
            }
        });
        updater.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !swaps.recent().isEmpty());
        updater.join();
        Swap swap = swaps.recent().get(0);
        assertThat(swap.outcome()).as(swap.reason()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(only().getVersion()).hasToString("1.0.0");
        awaitOnline();
        assertThat(calls).contains("1.0.0 takeOver 1.0.0");
    }

    @Test
    void aBundleThatIsOnlyStoppedIsNoUpdate() throws Exception {
        only().stop();
        only().start();
        awaitOnline();
        assertThat(swaps.recent()).isEqualTo(Collections.emptyList());
    }
}
