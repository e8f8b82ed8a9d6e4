package org.fieldhouse.runtime.swap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates that the framework makes: the old version is gone before the new one is there, and comes back from its kept bytes. On judging
 * threads.
 */
final class InPlace {
    private static final Logger LOG = LoggerFactory.getLogger(InPlace.class);

    private final BundleContext context;
    private final Starter starter;
    private final Judge judge;
    private final Departures departures;
    private final Headroom headroom;

    InPlace(BundleContext context, Starter starter, Judge judge, Departures departures, Headroom headroom) {
        this.context = context;
        this.starter = starter;
        this.judge = judge;
        this.departures = departures;
        this.headroom = headroom;
    }

    /** Puts a jar in; how that ended if it was not even taken in, else null: then the new version is to be judged. */
    @Nullable
    Swap update(Trial trial, Path jar) {
        headroom.make();
        trial.leftNanos = System.nanoTime();
        try (InputStream in = Files.newInputStream(jar)) {
            trial.bundle.update(in);
        } catch (BundleException | IOException | RuntimeException e) {
            if (!trial.updated && trial.judged.compareAndSet(false, true)) {
                // The framework has started the version before again.
                trial.updated = true;
                String failure = judge.awaitHealthy(trial, false);
                String reason = Words.of(e) + (failure == null ? "" : "; and then " + failure);
                return trial.result(
                        failure == null ? Outcome.ROLLED_BACK : Outcome.FAILED, jar.getFileName() + "", reason);
            }
        }
        return null;
    }

    /** Waits until a version that was put in is healthy, and puts the one before back if it is not. */
    Swap judge(Trial trial) {
        String to = trial.bundle.getVersion().toString();
        String trouble = starter.start(trial, trial.bundle);
        if (trouble == null) {
            trouble = judge.awaitHealthy(trial, true);
        }
        if (trouble == null) {
            return trial.result(Outcome.REPLACED, to, "");
        }
        if (trouble.equals(Judge.STOPPED)) {
            return trial.result(Outcome.FAILED, to, trouble);
        }
        if (trial.stopped && trial.bundle.getState() == Bundle.RESOLVED) {
            return trial.result(Outcome.FAILED, to, "stopped meanwhile");
        }
        return rollBack(trial, to, trouble);
    }

    private Swap rollBack(Trial trial, String to, String trouble) {
        LOG.warn("{} {}: {}; {} comes back", trial.bundle.getSymbolicName(), to, trouble, trial.from);
        Path kept = trial.kept;
        String failure = kept == null ? "its bytes were not kept" : putBack(trial, kept);
        if (failure == null) {
            failure = judge.awaitHealthy(trial, false);
        }
        String reason = failure == null ? trouble : trouble + "; and " + trial.from + ", put back: " + failure;
        return trial.result(failure == null ? Outcome.ROLLED_BACK : Outcome.FAILED, to, reason);
    }

    private @Nullable String putBack(Trial trial, Path kept) {
        Bundle bundle = trial.bundle;
        trial.arrived.clear();
        try (InputStream jar = Files.newInputStream(kept)) {
            if (bundle.getState() == Bundle.STARTING) {
                putBeside(trial, jar);
                return null;
            }
            bundle.update(jar);
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        } catch (BundleException | IOException | RuntimeException e) {
            return Words.of(e);
        }
    }

    /** The new version's start ignores interruption, so its bundle cannot be touched: the old one goes beside it. */
    private void putBeside(Trial trial, InputStream jar) throws BundleException, IOException {
        departures.stuck(trial.bundle, trial.starter);
        Bundle beside = context.installBundle(Beside.LOCATION + trial.bundle.getSymbolicName(), jar);
        beside.adapt(BundleStartLevel.class)
                .setStartLevel(trial.bundle.adapt(BundleStartLevel.class).getStartLevel());
        trial.watch(beside);
        Beside.forgetCache(context);
        beside.start(Bundle.START_TRANSIENT);
    }
}
