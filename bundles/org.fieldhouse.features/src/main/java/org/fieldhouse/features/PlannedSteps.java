package org.fieldhouse.features;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Plan.Action;
import org.fieldhouse.api.feature.Plan.Subject;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;

/** From one lock to the next, in the words of a {@link Plan}. Features thread alone. */
final class PlannedSteps {
    private final Engine.Surroundings surroundings;
    private final Lock current;

    PlannedSteps(Engine.Surroundings surroundings, Lock current) {
        this.surroundings = surroundings;
        this.current = current;
    }

    /** @param restored generation to go back to, 0 for none */
    List<Plan.Step> of(Lock next, long restored) throws IOException, Refusal {
        List<Plan.Step> steps = new ArrayList<>();
        for (Lock.Entry entry : next.features()) {
            Optional<Lock.Entry> old = current.entry(entry.name());
            if (old.isEmpty()) {
                steps.add(new Plan.Step(Action.INSTALL, Subject.FEATURE, entry.name(), "", entry.version()));
            } else if (!old.get().equals(entry)) {
                steps.add(new Plan.Step(
                        Action.UPDATE, Subject.FEATURE, entry.name(), old.get().version(), entry.version()));
            }
        }
        for (Lock.Entry entry : current.features()) {
            if (next.entry(entry.name()).isEmpty()) {
                steps.add(new Plan.Step(Action.REMOVE, Subject.FEATURE, entry.name(), entry.version(), ""));
            }
        }
        Changeover.missing(next, current)
                .forEach(p -> steps.add(new Plan.Step(Action.INSTALL, Subject.BUNDLE, p.name(), "", p.version())));
        Changeover.updates(current, next)
                .forEach(p -> steps.add(
                        new Plan.Step(Action.UPDATE, Subject.BUNDLE, p[0].name(), p[0].version(), p[1].version())));
        Changeover.missing(current, next)
                .forEach(p -> steps.add(new Plan.Step(Action.REMOVE, Subject.BUNDLE, p.name(), p.version(), "")));
        choiceSteps(next, steps);
        processSteps(next, steps);
        configurationSteps(next, steps);
        if (restored > 0) {
            fileSteps(restored, steps);
        }
        return steps;
    }

    private void choiceSteps(Lock next, List<Plan.Step> steps) {
        Set<String> names = new TreeSet<>(current.choices().heaps().keySet());
        names.addAll(next.choices().heaps().keySet());
        for (String name : names) {
            String from = current.choices().words(name);
            String to = next.choices().words(name);
            if (!from.equals(to)) {
                Action action = from.isEmpty() ? Action.INSTALL : to.isEmpty() ? Action.REMOVE : Action.UPDATE;
                steps.add(new Plan.Step(action, Subject.CHOICE, name, from, to));
            }
        }
    }

    private void processSteps(Lock next, List<Plan.Step> steps) {
        Processes.starting(current, next).forEach(started -> {
            Action action = current.isolated(started.feature()).isPresent() ? Action.UPDATE : Action.INSTALL;
            steps.add(new Plan.Step(action, Subject.PROCESS, started.feature(), "", started.heap() + "m"));
        });
        Processes.ending(current, next)
                .forEach(ended -> steps.add(
                        new Plan.Step(Action.REMOVE, Subject.PROCESS, ended.feature(), ended.heap() + "m", "")));
    }

    private void configurationSteps(Lock next, List<Plan.Step> steps) throws IOException {
        if (next.configs().equals(current.configs())) {
            return;
        }
        Defaults defaults = surroundings.defaults();
        var before = defaults.of(current.configs());
        var after = defaults.of(next.configs());
        after.forEach((pid, values) -> {
            if (!Defaults.same(values, before.get(pid))) {
                Action action = before.containsKey(pid) ? Action.UPDATE : Action.INSTALL;
                steps.add(new Plan.Step(action, Subject.CONFIGURATION, pid, "", ""));
            }
        });
        before.keySet().stream()
                .filter(pid -> !after.containsKey(pid))
                .forEach(pid -> steps.add(new Plan.Step(Action.REMOVE, Subject.CONFIGURATION, pid, "", "")));
    }

    private void fileSteps(long restored, List<Plan.Step> steps) throws IOException, Refusal {
        Map<String, String> now = new HashMap<>();
        Generations generations = surroundings.generations();
        long newest = generations.kept().get(0).number();
        generations.files(newest).forEach(f -> now.put(f.path(), f.text()));
        now.remove(Places.LOCK);
        for (SourceFile file : generations.files(restored)) {
            String is = now.remove(file.path());
            if (!file.path().equals(Places.LOCK) && !file.text().equals(is)) {
                steps.add(
                        new Plan.Step(is == null ? Action.INSTALL : Action.UPDATE, Subject.FILE, file.path(), "", ""));
            }
        }
        now.keySet().forEach(path -> steps.add(new Plan.Step(Action.REMOVE, Subject.FILE, path, "", "")));
    }
}
