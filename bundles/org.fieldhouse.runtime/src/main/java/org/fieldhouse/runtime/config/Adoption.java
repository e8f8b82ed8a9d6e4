package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.runtime.host.DeviceHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How candidates become devices: entries in files of their own, see {@link AdoptedFile}. Configuration thread alone. */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    /** Edits that are tried for candidates that came together, when some of them are refused. */
    private static final int MOST_ADOPTIONS = 200;

    private final DeviceHost host;
    private final Edits edits;

    /** The files that are in force, and the way to add to them. */
    interface Edits {
        /** Devices by name. */
        Map<String, DeviceEntry> entries();

        /** Files by path. */
        Map<String, SourceFile> files();

        /** Takes files with more devices into force together, or none of them; what is wrong. */
        List<Problem> add(List<SourceFile> changed, Cause cause);
    }

    Adoption(DeviceHost host, Edits edits) {
        this.host = host;
        this.edits = edits;
    }

    /**
     * Takes a candidate that a person chose.
     *
     * @param name the name it gets
     * @return what is wrong; warnings alone if it was taken
     */
    List<Problem> accept(DeviceId id, String name, Cause cause) {
        Candidate candidate = host.candidate(id).orElse(null);
        if (candidate == null) {
            return List.of(Problem.error(
                    "C033",
                    SourceSpan.file(""),
                    "there is no candidate " + id
                            + DidYouMean.hint(
                                    id.value(),
                                    host.candidates().stream()
                                            .map(c -> c.id().value())
                                            .toList())));
        }
        if (!Names.isDeviceName(name)) {
            return List.of(Problem.error("C007", SourceSpan.file(""), "'" + name + "' cannot name a device"));
        }
        if (edits.entries().containsKey(name)) {
            return List.of(Problem.error("C004", edits.entries().get(name).place(), "the name " + name + " is taken"));
        }
        Map<Candidate, String> one = new LinkedHashMap<>();
        one.put(candidate, name);
        return edits.add(List.of(adopted(one, candidate.bridge())), cause);
    }

    private SourceFile adopted(Map<Candidate, String> named, @Nullable DeviceId bridge) {
        DeviceInfo over = bridge == null ? null : host.model().device(bridge).orElse(null);
        return AdoptedFile.with(named, over == null ? null : over.name(), edits.files());
    }

    /** Takes what bridges adopt by themselves: one edit for all that came together. */
    void adopt(Map<DeviceId, List<Candidate>> found) {
        List<Map.Entry<DeviceId, Candidate>> all = new ArrayList<>();
        found.forEach((bridge, candidates) -> candidates.forEach(c -> all.add(Map.entry(bridge, c))));
        adopt(all, new AtomicInteger(MOST_ADOPTIONS));
    }

    /** One that a binding refuses keeps no other out: the halves are tried by themselves. */
    private void adopt(List<Map.Entry<DeviceId, Candidate>> found, AtomicInteger triesLeft) {
        List<Problem> wrong = adoptTogether(found);
        if (wrong.isEmpty()) {
            return;
        }
        int half = found.size() / 2;
        if (half == 0 || triesLeft.addAndGet(-2) < 0) {
            LOG.warn(
                    "Not adopted, {}: {}",
                    found.size() == 1 ? found.get(0).getValue().id() : found.size() + " candidates",
                    wrong);
            return;
        }
        adopt(found.subList(0, half), triesLeft);
        adopt(found.subList(half, found.size()), triesLeft);
    }

    private List<Problem> adoptTogether(List<Map.Entry<DeviceId, Candidate>> all) {
        Map<DeviceId, List<Candidate>> found = new LinkedHashMap<>();
        all.forEach(
                e -> found.computeIfAbsent(e.getKey(), b -> new ArrayList<>()).add(e.getValue()));
        Set<String> taken = new HashSet<>(edits.entries().keySet());
        Set<DeviceId> known = new HashSet<>();
        edits.entries().values().forEach(e -> known.add(e.id()));
        List<SourceFile> changed = new ArrayList<>();
        found.forEach((bridge, candidates) -> {
            Map<Candidate, String> named = new LinkedHashMap<>();
            for (Candidate candidate : candidates) {
                if (known.add(candidate.id())) {
                    named.put(candidate, AdoptedFile.free(candidate, taken));
                }
            }
            if (!named.isEmpty()) {
                changed.add(adopted(named, bridge));
            }
        });
        return changed.isEmpty()
                ? List.of()
                : edits.add(changed, new Cause(0, Cause.Origin.RUNTIME, "adoption", null)).stream()
                        .filter(Problem::isError)
                        .toList();
    }
}
