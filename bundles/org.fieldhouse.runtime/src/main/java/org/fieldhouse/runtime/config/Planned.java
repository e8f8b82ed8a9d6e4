package org.fieldhouse.runtime.config;

import java.util.List;
import org.fieldhouse.runtime.host.Placed;

/**
 * The devices of some files, put together. Most edits are of other files, so it is kept.
 *
 * @param placed those of the plan, with their bridges
 */
record Planned(List<DevicesFile> files, Plan plan, List<Placed> placed) {
    static final Planned NONE = new Planned(List.of(), Plan.EMPTY, List.of());

    static Planned of(List<DevicesFile> files) {
        Plan plan = Plan.of(files);
        List<Placed> placed = plan.entries().values().stream()
                .map(entry -> new Placed(entry, plan.bridgeOf(entry)))
                .toList();
        return new Planned(List.copyOf(files), plan, placed);
    }

    /** Whether it is made of these very files. */
    boolean isOf(List<DevicesFile> others) {
        boolean same = others.size() == files.size();
        for (int i = 0; same && i < files.size(); i++) {
            same = others.get(i) == files.get(i);
        }
        return same;
    }
}
