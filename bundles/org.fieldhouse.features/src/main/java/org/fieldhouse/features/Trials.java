package org.fieldhouse.features;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries what a change brings into the house and nobody stands for: what ends a process, eats its memory or never returns does so in one that
 * is there for that, and no class of it is loaded in the house. Features thread alone.
 */
final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    private static final String CODE = "trial";
    /** The code of the reason that refuses; a process of its own is the cure. */
    static final String HARM = "F017";

    private static final int LEAST_HEAP = 48;

    private final Processes processes;
    private final Trial trial;
    private final Consumer<Progress> progress;

    Trials(Places places, Engine.Surroundings surroundings, Consumer<Progress> progress) {
        this.processes = new Processes(places, surroundings);
        this.trial = surroundings.trial();
        this.progress = progress;
    }

    /** Which features are tried. */
    enum Whom {
        /** What no trusted key has signed, and the administrator allowed by itself. */
        UNSIGNED,
        /** What did not come with the distribution. */
        FOREIGN,
        NOBODY
    }

    /**
     * Bundles of one feature that the house does not have yet.
     *
     * @param feature its name
     */
    record Suspect(String feature, List<Pin> bundles) {
        Suspect {
            bundles = bundles.stream().filter(Processes::canBeTried).toList();
        }
    }

    /**
     * Tries them one after the other.
     *
     * @param next the lock that would be
     * @return what there is to tell of those that passed
     */
    List<Finding> run(List<Suspect> suspects, Lock next) throws Refusal {
        List<Finding> findings = new ArrayList<>();
        for (Suspect suspect : suspects) {
            if (!suspect.bundles().isEmpty()) {
                progress.accept(new Progress(Stage.TRY, suspect.feature() + " in a process of its own", 0, 1));
                findings.add(run(suspect, next));
            }
        }
        return findings;
    }

    private Finding run(Suspect suspect, Lock next) throws Refusal {
        Trial.Outcome outcome;
        long begin = System.nanoTime();
        try {
            outcome = trial.of(processes.guest(suspect.feature(), suspect.bundles(), heap(), next));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("F008", suspect.feature(), "interrupted", "");
        } catch (IOException e) {
            LOG.warn("{} was not tried: {}", suspect.feature(), e.getMessage());
            return new Finding(
                    Weight.WARNING,
                    CODE,
                    suspect.feature(),
                    "could not be tried in a process of its own before: " + e.getMessage());
        }
        LOG.info(
                "{} was tried in a process of its own, {} ms: {}",
                suspect.feature(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                outcome.failure().isEmpty() ? "no harm" : outcome.failure());
        if (!outcome.failure().isEmpty()) {
            throw refusal(suspect.feature(), outcome);
        }
        return new Finding(
                Weight.NOTE,
                CODE,
                suspect.feature(),
                "was started once in a process of its own, and did no harm there"
                        + (outcome.notes().isEmpty()
                                ? ""
                                : "; what did not start there: " + String.join("; ", outcome.notes())));
    }

    private static Refusal refusal(String feature, Trial.Outcome outcome) {
        String which = outcome.bundle().isEmpty() || outcome.bundle().equals(feature)
                ? ""
                : " when bundle " + outcome.bundle() + " was started";
        return new Refusal(
                HARM,
                feature,
                "did in a process of its own what would harm the house" + which + ": " + outcome.failure(),
                "mend it; or `feature:isolate " + feature
                        + "`, with MEGABYTES if it needs more, and install it again: it then runs in a process of its own");
    }

    /** Who needs more than half of the house's heap to start leaves too little to the house. */
    private static int heap() {
        return (int) Math.max(LEAST_HEAP, Runtime.getRuntime().maxMemory() / 2 >> 20);
    }
}
