package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.rules.syntax.ast.Decl;

/** What is wrong with declarations that are right one by one: conflicts, loops, branches without a way in. */
final class Analysis {
    /**
     * What was found out about one declaration by itself.
     *
     * @param labels see {@link Regions#labels}
     * @param silent whether nothing is wrong with it
     */
    record Walk(List<Write> writes, Map<String, Regions.Label> labels, Loops.Part part, boolean silent) {
        /** The same of the same declaration in another check. */
        Walk of(Write.Placed now) {
            List<Write> same = writes.stream().map(each -> each.of(now)).toList();
            return new Walk(same, labels, new Loops.Part(now, part.inputs(), part.outputs()), silent);
        }
    }

    private final Facts facts;
    private final Regions regions;
    private final Guards guards;
    private final Loops loops;

    private Analysis(Facts facts) {
        this.facts = facts;
        this.regions = new Regions(facts);
        this.guards = new Guards(facts);
        this.loops = new Loops(facts, regions);
    }

    /**
     * Looks at all of them.
     *
     * @param known what an earlier check found out about some
     * @return what it found out about each
     */
    static Map<Decl, Walk> check(List<Write.Placed> declarations, Facts facts, Verdicts known) {
        return new Analysis(facts).check(declarations, known);
    }

    private Map<Decl, Walk> check(List<Write.Placed> declarations, Verdicts known) {
        Map<Decl, Walk> walks = new IdentityHashMap<>(declarations.size());
        List<Write> writes = new ArrayList<>();
        List<Loops.Part> parts = new ArrayList<>();
        for (Write.Placed each : declarations) {
            Decl decl = each.declared().decl();
            Verdicts.Verdict verdict = known.of(decl);
            Walk walk = verdict == null ? walk(each) : verdict.walk().of(each);
            regions.label(walk.labels());
            writes.addAll(walk.writes());
            parts.add(walk.part());
            walks.put(decl, walk);
        }
        Conflicts conflicts = new Conflicts(facts, regions, writes);
        conflicts.check();
        conflicts.links(declarations);
        loops.check(parts);
        return walks;
    }

    private Walk walk(Write.Placed placed) {
        int told = placed.findings().told();
        Regions own = new Regions(facts);
        List<Write> writes = new Paths(facts, own, placed).walk();
        guards.check(placed, writes);
        Loops.Part part = loops.part(placed, writes);
        return new Walk(
                List.copyOf(writes), own.labels(), part, placed.findings().told() == told);
    }
}
