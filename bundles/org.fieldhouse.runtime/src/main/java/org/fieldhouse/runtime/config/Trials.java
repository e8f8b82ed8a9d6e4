package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.ConfigurationParticipant.Prepared;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.Placed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries out sets of files, and keeps what it read of the ones that did not change. Configuration thread alone. */
final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    /** Edits beyond this many devices are not tried out with their bindings first. */
    private static final int TRY_OUT = 1000;

    private final DeviceHost host;
    private final EntryCache cache;
    private final Map<SourceFile, DevicesFile> parsed = new IdentityHashMap<>();
    /** What was tried out last. */
    private Planned planned = Planned.NONE;

    Trials(DeviceHost host, EntryCache cache) {
        this.host = host;
        this.cache = cache;
    }

    /**
     * Checks files, and the devices in them against each other, and lets the participants prepare for them.
     *
     * @param found what is known to be wrong with them already
     * @param active the files in force
     * @param entries the devices in force
     * @param withBindings whether to ask the bindings what they say of the devices that are new or changed
     */
    Trial of(
            SortedMap<String, SourceFile> files,
            List<Problem> found,
            Map<String, SourceFile> active,
            Map<String, DeviceEntry> entries,
            Set<ConfigurationParticipant> participants,
            boolean withBindings) {
        Trial trial = new Trial(files);
        trial.problems.addAll(found);
        List<DevicesFile> read = new ArrayList<>();
        files.forEach((path, file) -> {
            if (FileTree.matches(Directory.DEVICES, path)) {
                read.add(parsed.computeIfAbsent(file, cache::read));
            }
        });
        parsed.keySet().removeIf(file -> files.get(file.path()) != file && active.get(file.path()) != file);
        if (!planned.isOf(read)) {
            planned = Planned.of(read);
        }
        trial.plan = planned.plan();
        trial.problems.addAll(trial.plan.problems());
        if (trial.plan.hasErrors()) {
            return trial;
        }
        trial.placed = planned.placed();
        if (withBindings && trial.plan.entries() != entries) {
            askBindings(trial, entries);
        }
        HouseModel model = host.preview(trial.placed);
        trial.model = model;
        trial.laps.done("model");
        for (ConfigurationParticipant participant : participants) {
            prepare(trial, participant, model);
        }
        trial.laps.done("prepared");
        return trial;
    }

    private void askBindings(Trial trial, Map<String, DeviceEntry> entries) {
        List<Placed> changed = trial.placed.stream()
                .filter(p -> {
                    DeviceEntry before = entries.get(p.entry().name());
                    return before == null || !before.samePlant(p.entry());
                })
                .toList();
        trial.unsure = changed.stream()
                .map(Placed::entry)
                .filter(e -> !entries.containsKey(e.name()) || host.hasBinding(e.binding()))
                .map(DeviceEntry::name)
                .toList();
        if (changed.size() <= TRY_OUT) {
            changed.forEach(p -> trial.problems.addAll(host.tryOut(p)));
        }
    }

    private static void prepare(Trial trial, ConfigurationParticipant participant, HouseModel model) {
        String pattern = participant.pattern();
        List<SourceFile> own = trial.files.values().stream()
                .filter(f -> participant.patterns().stream().anyMatch(each -> FileTree.matches(each, f.path())))
                .toList();
        try {
            Prepared prepared = participant.prepare(own, model);
            trial.prepared.put(participant, prepared);
            trial.problems.addAll(prepared.problems());
        } catch (RuntimeException | Error e) {
            LOG.error("The files of {} cannot be checked", pattern, e);
            trial.problems.add(Problem.error("C031", SourceSpan.file(pattern), "these files cannot be checked: " + e));
        }
    }
}
