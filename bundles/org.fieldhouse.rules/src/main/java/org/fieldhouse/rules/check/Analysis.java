package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with declarations that are right one by one: conflicts, loops, branches without a way in. */
final class Analysis {
    private Analysis() {}

    static void check(List<Write.Placed> declarations, Facts facts) {
        Regions regions = new Regions(facts);
        Guards guards = new Guards(facts);
        Map<Write.Placed, List<Write>> all = new LinkedHashMap<>();
        List<Write> writes = new ArrayList<>();
        for (Write.Placed each : declarations) {
            List<Write> own = new Paths(facts, regions, each).walk();
            guards.check(each, own);
            all.put(each, own);
            writes.addAll(own);
        }
        Conflicts conflicts = new Conflicts(facts, regions, writes);
        conflicts.check();
        conflicts.links(declarations);
        new Loops(facts, regions).check(all);
    }
}
