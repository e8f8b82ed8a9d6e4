package org.fieldhouse.features;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Vetting;

/** Runs the steps of vetting, each within its time; a step that fails refuses. */
final class Vetter {
    private static final long LIMIT_SECONDS = 30;

    private final List<Vetting> steps;
    private final List<String> missing;

    /**
     * @param steps in their order
     * @param required names of steps without which nothing is let in
     */
    Vetter(List<Vetting> steps, List<String> required) {
        this.steps = List.copyOf(steps);
        missing = new ArrayList<>(required);
        steps.forEach(step -> missing.remove(step.name()));
    }

    List<Finding> vet(Artefact artefact) {
        List<Finding> findings = new ArrayList<>();
        for (String name : missing) {
            String message = "was not looked at: the step is not there; is the bundle org.fieldhouse.trust running?";
            findings.add(new Finding(Weight.REFUSAL, name, artefact.name(), message));
        }
        for (Vetting step : steps) {
            findings.addAll(run(step, artefact));
        }
        return findings;
    }

    private static List<Finding> run(Vetting step, Artefact artefact) {
        FutureTask<List<Finding>> task = new FutureTask<>(() -> step.vet(artefact));
        Thread thread = new Thread(task, "fieldhouse-vet-" + step.name());
        thread.setDaemon(true);
        thread.start();
        try {
            return List.copyOf(task.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return List.of(refusal(step, artefact, "could not be looked at: " + e.getCause()));
        } catch (TimeoutException e) {
            task.cancel(true);
            return List.of(refusal(step, artefact, "was not looked at within " + LIMIT_SECONDS + " s"));
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return List.of(refusal(step, artefact, "was not looked at: interrupted"));
        }
    }

    private static Finding refusal(Vetting step, Artefact artefact, String message) {
        return new Finding(Weight.REFUSAL, step.name(), artefact.name(), message);
    }
}
