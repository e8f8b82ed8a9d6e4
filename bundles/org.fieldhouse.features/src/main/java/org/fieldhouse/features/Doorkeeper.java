package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.features.lock.Digests;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the doors that the framework has besides ours ({@code felix:install}, {@code felix:update}, the web console's own bundle
 * page, {@code swap}): a bundle whose content is in no lock is vetted like any other, and if it is refused it does not resolve, so that
 * no class of it is ever loaded. On the thread that installs or updates the bundle.
 */
final class Doorkeeper implements SynchronousBundleListener, ResolverHookFactory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final int MOST_ADMITTED = 10_000;

    private final BundleContext context;
    private final Predicate<String> known;
    private final Predicate<String> coming;
    private final Supplier<Vetter> vetter;
    private final Runnable forgetCache;
    private final Consumer<Fact.AuditRecorded> auditor;
    private final Map<Long, String> barred = new ConcurrentHashMap<>();
    /** SHA-256 of what passed: it may come back when an update of it is taken back. */
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();

    private @Nullable ServiceRegistration<ResolverHookFactory> hook;

    /**
     * @param known whether a content, by SHA-256, is in a lock that was vetted
     * @param coming whether this thread puts in, from this location, what it has just hashed and vetted
     * @param forgetCache called before a bundle is barred: the next start must make the cache anew, without it
     */
    Doorkeeper(
            BundleContext context,
            Predicate<String> known,
            Predicate<String> coming,
            Supplier<Vetter> vetter,
            Runnable forgetCache,
            Consumer<Fact.AuditRecorded> auditor) {
        this.context = context;
        this.known = known;
        this.coming = coming;
        this.vetter = vetter;
        this.forgetCache = forgetCache;
        this.auditor = auditor;
        context.addBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.INSTALLED -> {
                if (!coming.test(bundle.getLocation())) {
                    look(bundle);
                }
            }
            case BundleEvent.UPDATED -> look(bundle);
            case BundleEvent.UNINSTALLED -> let(bundle);
            default -> {}
        }
    }

    private void look(Bundle bundle) {
        String refusal;
        try {
            refusal = refusal(bundle);
        } catch (IOException | RuntimeException e) {
            refusal = "its content cannot be read: " + e;
        }
        if (refusal == null) {
            let(bundle);
        } else {
            bar(bundle, refusal);
        }
    }

    private @Nullable String refusal(Bundle bundle) throws IOException {
        Path jar = InstalledJar.of(bundle);
        String sha256 = Digests.sha256(jar);
        if (known.test(sha256) || admitted.contains(sha256)) {
            return null;
        }
        String name = String.valueOf(bundle.getSymbolicName());
        Artefact artefact = new Artefact(
                Artefact.Kind.BUNDLE,
                name,
                bundle.getVersion().toString(),
                jar,
                sha256,
                bundle.getLocation(),
                null,
                name,
                null);
        List<Finding> refusals =
                vetter.get().vet(artefact).stream().filter(Finding::isRefusal).toList();
        if (!refusals.isEmpty()) {
            return String.join("; ", refusals.stream().map(Finding::message).toList());
        }
        if (admitted.size() < MOST_ADMITTED) {
            admitted.add(sha256);
        }
        return null;
    }

    private void bar(Bundle bundle, String refusal) {
        LOG.warn(
                "{} {} was not let in, and will not start: {}", bundle.getSymbolicName(), bundle.getVersion(), refusal);
        forgetCache.run();
        synchronized (this) {
            barred.put(bundle.getBundleId(), refusal);
            if (hook == null) {
                hook = context.registerService(ResolverHookFactory.class, this, null);
            }
        }
        auditor.accept(new Fact.AuditRecorded(
                "bundle.refused", bundle.getSymbolicName() + " " + bundle.getVersion(), refusal));
    }

    /** While nobody is barred there is no hook: the framework asks it for everything that it resolves. */
    private synchronized void let(Bundle bundle) {
        if (barred.remove(bundle.getBundleId()) != null && barred.isEmpty() && hook != null) {
            hook.unregister();
            hook = null;
        }
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return new ResolverHook() {
            @Override
            public void filterResolvable(Collection<BundleRevision> candidates) {
                candidates.removeIf(r -> barred.containsKey(r.getBundle().getBundleId()));
            }

            @Override
            public void filterSingletonCollisions(
                    BundleCapability singleton, Collection<BundleCapability> candidates) {}

            @Override
            public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {}

            @Override
            public void end() {}
        };
    }

    @Override
    public void close() {
        context.removeBundleListener(this);
    }
}
