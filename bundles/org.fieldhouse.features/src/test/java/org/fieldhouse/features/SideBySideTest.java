package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/** Bundles are real, what is done with them is not: it waits, fails or never returns. */
class SideBySideTest {
    private static final long LONG = 20;

    @TempDir
    Path folder;

    private HouseOnTrial house;
    /** What begins and ends, in order. */
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void aFramework() throws Exception {
        house = new HouseOnTrial(folder);
        house.shipped("core", "1.0.0", house.shippedBundle(1, "core.api", "1.0.0"));
        house.boot("core");
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    private Bundle bundle(String name, String... headers) throws BundleException {
        Path jar = HouseOnTrial.jar(folder.resolve(name + ".jar"), name, "1.0.0", headers);
        return house.framework.getBundleContext().installBundle("reference:" + jar.toUri());
    }

    private void resolve(Bundle... bundles) {
        assertThat(house.framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundles)))
                .isTrue();
    }

    private static void meet(CyclicBarrier barrier) throws BundleException {
        try {
            barrier.await(LONG, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new BundleException("alone", e);
        }
    }

    private static void rest(long millis) throws BundleException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new BundleException("disturbed", e);
        }
    }

    /** Each ends a while after it began, so that one that begins too early is seen. */
    private SideBySide.Work logged() {
        return bundle -> {
            log.add("begin " + bundle.getSymbolicName());
            rest(50);
            log.add("end " + bundle.getSymbolicName());
        };
    }

    @Test
    void thoseThatDoNotNeedEachOtherAreDoneAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        assertThat(new SideBySide(2, LONG, bundle -> meet(both)).all(List.of(bundle("a"), bundle("b")), bundle -> {}))
                .isEmpty();
    }

    @Test
    void whoIsWiredToAnotherComesAfterItAndLetsTheNextOneGoAhead() throws Exception {
        Bundle api = bundle("api", "Export-Package: api");
        Bundle user = bundle("user", "Import-Package: api");
        Bundle other = bundle("other");
        resolve(api, user, other);
        assertThat(new SideBySide(2, LONG, logged()).all(List.of(api, user, other), bundle -> {}))
                .isEmpty();
        assertThat(log).containsSubsequence("begin api", "end api", "begin user", "end user");
        assertThat(log).containsSubsequence("begin other", "end api").containsSubsequence("begin other", "begin user");
    }

    /** In the order of the list: who stops comes before what it needs. */
    @Test
    void theOrderIsThatOfTheListAndNotOfTheWires() throws Exception {
        Bundle api = bundle("api", "Export-Package: api");
        Bundle user = bundle("user", "Import-Package: api");
        resolve(api, user);
        new SideBySide(2, LONG, logged()).all(List.of(user, api), bundle -> {});
        assertThat(log).containsExactly("begin user", "end user", "begin api", "end api");
    }

    @Test
    void whoSaysThatItNeedsAServiceComesAfterWhoOffersIt() throws Exception {
        Bundle offers = bundle("offers", "Provide-Capability: osgi.service;objectClass:List<String>=\"t.Light\"");
        Bundle needs =
                bundle("needs", "Require-Capability: osgi.service;filter:=\"(objectClass=t.Light)\";effective:=active");
        Bundle needsAnother = bundle(
                "another", "Require-Capability: osgi.service;filter:=\"(objectClass=t.Lamp)\";effective:=active");
        assertThat(SideBySide.needs(needs, offers)).isTrue();
        assertThat(SideBySide.needs(offers, needs)).isFalse();
        assertThat(SideBySide.needs(needsAnother, offers)).isFalse();
        new SideBySide(2, LONG, logged()).all(List.of(offers, needs), bundle -> {});
        assertThat(log).containsExactly("begin offers", "end offers", "begin needs", "end needs");
    }

    @Test
    void thereAreNeverMoreAtATimeThanSaid() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Bundle> six = List.of(bundle("a"), bundle("b"), bundle("c"), bundle("d"), bundle("e"), bundle("f"));
        new SideBySide(2, LONG, bundle -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    rest(20);
                    now.decrementAndGet();
                })
                .all(six, bundle -> log.add(bundle.getSymbolicName()));
        assertThat(most).hasValue(2);
        assertThat(log).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void afterAFailureNobodyBeginsAndTheOthersAreWaitedFor() throws Exception {
        Bundle fails = bundle("fails");
        Bundle slow = bundle("slow");
        CountDownLatch slowBegan = new CountDownLatch(1);
        Map<Bundle, String> failures = new SideBySide(2, LONG, bundle -> {
                    log.add("begin " + bundle.getSymbolicName());
                    if (bundle == fails) {
                        await(slowBegan);
                        throw new BundleException("Activator start error", new IllegalStateException("no such dongle"));
                    }
                    slowBegan.countDown();
                    rest(200);
                    log.add("end " + bundle.getSymbolicName());
                })
                .all(List.of(fails, slow, bundle("never")), bundle -> {});
        assertThat(failures).containsExactly(Map.entry(fails, "java.lang.IllegalStateException: no such dongle"));
        assertThat(log).containsExactlyInAnyOrder("begin fails", "begin slow", "end slow");
    }

    private static void await(CountDownLatch latch) throws BundleException {
        try {
            assertThat(latch.await(LONG, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new BundleException("disturbed", e);
        }
    }

    @Test
    void whoNeverReturnsIsNamedAndTheOneBesideItIsNot() throws Exception {
        Bundle hangs = bundle("hangs");
        CountDownLatch out = new CountDownLatch(1);
        Map<Bundle, String> failures = new SideBySide(2, 1, bundle -> {
                    log.add(bundle.getSymbolicName());
                    if (bundle == hangs) {
                        try {
                            rest(TimeUnit.SECONDS.toMillis(LONG));
                        } finally {
                            out.countDown();
                        }
                    }
                })
                .all(List.of(hangs, bundle("fine"), bundle("too")), bundle -> {});
        assertThat(failures).containsExactly(Map.entry(hangs, "its activator has not returned within 1 s"));
        assertThat(log).containsExactlyInAnyOrder("hangs", "fine", "too");
        // It was interrupted.
        assertThat(out.await(LONG, TimeUnit.SECONDS)).isTrue();
    }

    /** Whoever takes everything back then finds nobody in the middle of a start. */
    @Test
    void whatHasBegunIsWaitedForAlsoIfNoOtherOneCanBegin() throws Exception {
        SideBySide both = new SideBySide(2, LONG, logged());
        List<Bundle> bundles = List.of(bundle("a"), bundle("b"));
        assertThatThrownBy(() -> both.all(bundles, bundle -> {
                    if (bundle.getSymbolicName().equals("b")) {
                        throw new IllegalStateException("nobody listens");
                    }
                }))
                .hasMessage("nobody listens");
        assertThat(log).containsExactly("begin a", "end a");
    }

    @Test
    void whoIsInterruptedInterruptsThem() throws Exception {
        Bundle hangs = bundle("hangs");
        Thread.currentThread().interrupt();
        String failure = SideBySide.one(hangs, LONG, bundle -> rest(TimeUnit.SECONDS.toMillis(LONG)));
        assertThat(failure).isEqualTo("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
