package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Name;
import org.jspecify.annotations.Nullable;

/**
 * Finds declarations that trigger themselves, over others or at once, without end (E501). What could only be a circle is found
 * in the graph of who writes what triggers whom; whether it really turns is tried by running it ({@link LoopRun}), so that a rule
 * that settles after one round (a two-way copy, a reset of its own trigger) is no false alarm.
 */
final class Loops {
    /** Most starts that are tried; beyond that, circles are so many that some were reported. */
    private static final int MOST_STARTS = 400;

    /** A declaration in the graph, and what triggers it and what it triggers, each once. */
    record Part(Write.Placed placed, List<String> inputs, List<String> outputs) {
        Decl decl() {
            return placed.declared().decl();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other; // a tree is compared at great length
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final Facts facts;
    private final Regions regions;
    private final Guards reads;

    Loops(Facts facts, Regions regions) {
        this.facts = facts;
        this.regions = regions;
        this.reads = new Guards(facts);
    }

    void check(List<Part> all) {
        List<Part> core = core(all);
        if (core.isEmpty()) {
            return;
        }
        Map<String, List<Part>> listeners = new HashMap<>();
        core.forEach(part -> part.inputs()
                .forEach(key ->
                        listeners.computeIfAbsent(key, k -> new ArrayList<>()).add(part)));
        Set<String> written = new LinkedHashSet<>();
        core.forEach(part -> written.addAll(part.outputs()));
        Set<Decl> reported = Collections.newSetFromMap(new IdentityHashMap<>());
        int starts = 0;
        for (Part part : core) {
            for (int trigger = 0; trigger < starts(part) && starts < MOST_STARTS; trigger++) {
                if (reported.contains(part.decl())) {
                    break;
                }
                starts++;
                LoopRun.Loop loop =
                        LoopRun.find(new LoopRun.World(facts, regions, reads, listeners, written), part, trigger);
                if (loop != null && loop.members().stream().noneMatch(reported::contains)) {
                    reported.addAll(loop.members());
                    report(loop);
                }
            }
        }
    }

    private static int starts(Part part) {
        return Math.max(1, Conflicts.triggers(part.decl()).size());
    }

    private static void report(LoopRun.Loop loop) {
        Part first = loop.first();
        List<Diagnostic.Note> notes = new ArrayList<>();
        for (Write.Placed each : loop.writers()) {
            if (each != first.placed()) {
                notes.add(Diagnostic.Note.of(each.findings().file(), loop.place(each), "this is part of the loop"));
            }
        }
        boolean alone = notes.isEmpty();
        first.placed()
                .findings()
                .add(
                        Code.E501,
                        loop.place(first.placed()),
                        alone
                                ? "this " + first.decl().kind() + " triggers itself without end"
                                : "this " + first.decl().kind() + " triggers itself without end, over " + notes.size()
                                        + (notes.size() == 1 ? " other" : " others"),
                        "add a condition that ends it, or trigger on something that it does not set",
                        notes,
                        loop.story());
    }

    /** What triggers a declaration, and what it triggers. */
    Part part(Write.Placed placed, List<Write> writes) {
        Set<String> outputs = new LinkedHashSet<>();
        writes.forEach(each -> outputs.add(each.key()));
        Set<String> inputs = new LinkedHashSet<>();
        Decl decl = placed.declared().decl();
        if (decl instanceof Decl.Link link
                && facts.resolution(link.from()) instanceof Resolution.OfDevice from
                && facts.resolution(link.to()) instanceof Resolution.OfDevice to) {
            for (Name name : link.copy()) {
                inputs.add("‹" + from.device().name() + "." + name.text() + "›");
                outputs.add("‹" + to.device().name() + "." + name.text() + "›");
            }
        } else if (decl instanceof Decl.Control control) {
            control.branches()
                    .forEach(b -> inputs.addAll(reads.reads(b.condition()).keySet()));
        } else if (decl instanceof Decl.Keep keep) {
            inputs.addAll(reads.reads(keep.condition()).keySet());
        }
        for (Edge edge : Conflicts.triggers(decl)) {
            inputs.addAll(reads.reads(edge).keySet());
        }
        return new Part(placed, List.copyOf(inputs), List.copyOf(outputs));
    }

    /** What is left when everything that nobody in it triggers, or that triggers nobody in it, is taken away. */
    private static List<Part> core(List<Part> parts) {
        List<Part> left = new ArrayList<>(parts);
        boolean shrinks = true;
        while (shrinks) {
            Set<String> written = new HashSet<>();
            Set<String> watched = new HashSet<>();
            left.forEach(part -> {
                written.addAll(part.outputs());
                watched.addAll(part.inputs());
            });
            shrinks = left.removeIf(part -> part.inputs().stream().noneMatch(written::contains)
                    || part.outputs().stream().noneMatch(watched::contains));
        }
        return left;
    }
}
