package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Vetting;
import org.fieldhouse.features.lock.Digests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The framework's own doors, in a real framework: what the features do not know is vetted there too. */
class DoorkeeperTest {
    @TempDir
    Path folder;

    private final Set<String> allowed = ConcurrentHashMap.newKeySet();
    private HouseOnTrial house;
    private Doorkeeper doorkeeper;
    private BundleContext context;

    @BeforeEach
    void start() throws Exception {
        house = new HouseOnTrial(folder);
        house.shipped("core", "1.0.0", house.shippedBundle(5, "pinned", "1.0.0"));
        house.boot("core");
        Vetting step = new Vetting() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public List<Finding> vet(Artefact artefact) {
                return allowed.contains(artefact.sha256())
                        ? List.of(new Finding(Weight.NOTE, "test", artefact.name(), "fine"))
                        : List.of(new Finding(Weight.REFUSAL, "test", artefact.name(), "is not signed"));
            }
        };
        house.vettings.add(step);
        context = house.framework.getBundleContext();
        doorkeeper = new Doorkeeper(
                context,
                house.engine::knows,
                house.engine::isComing,
                house::vetter,
                house.engine::forgetCache,
                house.audits::add);
    }

    @AfterEach
    void stop() throws BundleException {
        doorkeeper.close();
        house.close();
    }

    private Path jar(String name, String version) {
        return HouseOnTrial.jar(folder.resolve(name + version + ".jar"), name, version);
    }

    private Bundle install(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            return context.installBundle("test:" + jar.getFileName(), in);
        }
    }

    private static void update(Bundle bundle, Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    @Test
    void whatIsRefusedDoesNotResolveAndIsGoneAtTheNextStart() throws Exception {
        assertThat(house.places.stamp()).exists();
        Bundle stranger = install(jar("stranger", "1.0.0"));
        assertThatThrownBy(stranger::start).isInstanceOf(BundleException.class);
        assertThat(stranger.getState()).isEqualTo(Bundle.INSTALLED);
        assertThat(house.audits).contains(new Fact.AuditRecorded("bundle.refused", "stranger 1.0.0", "is not signed"));
        assertThat(house.places.stamp()).doesNotExist();
        stranger.uninstall();
        // Nobody is barred any more, and others resolve as before.
        allowed.add(Digests.sha256(jar("friend", "1.0.0")));
        Bundle friend = install(jar("friend", "1.0.0"));
        friend.start();
        assertThat(friend.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(house.places.stamp()).doesNotExist();
    }

    @Test
    void anUpdateThatIsRefusedDoesNotStartAndWhatWasThereMayComeBack() throws Exception {
        Path first = jar("friend", "1.0.0");
        allowed.add(Digests.sha256(first));
        Bundle bundle = install(first);
        bundle.start();
        allowed.clear(); // what has passed may come back
        Path next = jar("friend", "2.0.0");
        assertThatThrownBy(() -> update(bundle, next)).hasMessageContaining("hook prevented resolution");
        assertThat(bundle.getVersion()).hasToString("2.0.0");
        assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
        update(bundle, first);
        bundle.start();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(house.audits).hasSize(1);
    }

    @Test
    void whatIsInTheLockIsKnown() throws Exception {
        Bundle pinned = Arrays.stream(context.getBundles())
                .filter(b -> "pinned".equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
        Path jar = house.engine.lock().bundles().get(0).jar(house.places);
        update(pinned, jar);
        pinned.start();
        assertThat(pinned.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(house.audits).isEmpty();
        assertThat(house.places.stamp()).exists();
    }

    @Test
    void othersResolveWhileOneIsBarred() throws Exception {
        install(jar("stranger", "1.0.0"));
        allowed.add(Digests.sha256(jar("friend", "1.0.0")));
        Bundle friend = install(jar("friend", "1.0.0"));
        friend.start();
        assertThat(friend.getState()).isEqualTo(Bundle.ACTIVE);
    }

    /** What a change has hashed is not hashed once more; whoever else gives that location a content is looked at. */
    @Test
    void whatAChangePutsInIsTakenFromTheChangesThreadAlone() throws Exception {
        Path jar = jar("acme", "1.0.0");
        String hash = Digests.sha256(jar);
        allowed.add(hash);
        String location = "reference:" + house.places.stored(hash, ".jar").toUri();
        Map<String, Boolean> coming = new TreeMap<>();
        house.probe = step -> {
            if (step.equals("install acme")) {
                coming.put("the change", house.engine.isComing(location));
                coming.put("elsewhere", house.engine.isComing(location + "x"));
                coming.put(
                        "another",
                        CompletableFuture.supplyAsync(() -> house.engine.isComing(location))
                                .join());
            }
        };
        assertThat(house.install(jar).reasons()).isEmpty();
        assertThat(coming).isEqualTo(Map.of("the change", true, "elsewhere", false, "another", false));
        assertThat(house.engine.isComing(location)).isFalse();
    }
}
