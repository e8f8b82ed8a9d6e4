package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.ConfigurationParticipant.Prepared;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.runtime.host.Placed;

/** A set of files, checked. Configuration thread alone. */
final class Trial {
    final SortedMap<String, SourceFile> files;
    final List<Problem> problems = new ArrayList<>();
    final Map<ConfigurationParticipant, Prepared> prepared = new LinkedHashMap<>();
    final Laps laps = new Laps();
    Plan plan = Plan.EMPTY;
    List<Placed> placed = List.of();
    HouseModel model = HouseModel.EMPTY;
    /**
     * Names of the devices that are new, or changed and about to be opened again: what they have is not known before. One
     * that works and would get a binding that is not installed is none of them, for it would only be lost.
     */
    List<String> unsure = List.of();

    Trial(SortedMap<String, SourceFile> files) {
        this.files = files;
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    /** The same without some participants and what they found. */
    Trial without(Set<ConfigurationParticipant> left, List<Problem> theirs, SortedMap<String, SourceFile> others) {
        Trial rest = new Trial(others);
        rest.problems.addAll(problems);
        rest.problems.removeAll(theirs);
        rest.prepared.putAll(prepared);
        rest.prepared.keySet().removeAll(left);
        rest.plan = plan;
        rest.placed = placed;
        rest.model = model;
        return rest;
    }
}
