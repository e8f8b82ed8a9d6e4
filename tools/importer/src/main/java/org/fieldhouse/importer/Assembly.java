package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/** The rule files that come out. What the checker refuses in them becomes a comment with the checker's words. */
final class Assembly {
    /**
     * What came out.
     *
     * @param texts by the name of the file
     */
    record Result(Map<String, String> texts, List<Diagnostic> warnings) {}

    private final HouseModel house;
    private final List<SourceFile> there;
    private final Map<String, List<Draft>> drafts = new LinkedHashMap<>();
    private final Map<String, List<String>> heads = new LinkedHashMap<>();

    /** @param there the rule files that are there already: what comes out is to go with those that it does not replace */
    Assembly(HouseModel house, List<SourceFile> there) {
        this.house = house;
        this.there = List.copyOf(there);
    }

    /** @param head comment lines at the top of the file */
    void add(String file, List<String> head, List<Draft> found) {
        drafts.computeIfAbsent(file, name -> new ArrayList<>()).addAll(found);
        heads.put(file, head);
    }

    List<Draft> drafts() {
        return drafts.values().stream().flatMap(List::stream).toList();
    }

    /** A line of a file, and what it belongs to: a draft, or the declaration of a thing. */
    private record Line(String text, @Nullable Draft draft, @Nullable Thing thing) {}

    /**
     * Checks until nothing is refused any more: each round makes a comment of at least one rule.
     *
     * @throws IllegalStateException if the checker refuses what belongs to no rule
     */
    Result finish() {
        List<SourceFile> beside =
                there.stream().filter(file -> !drafts.containsKey(file.path())).toList();
        Set<String> known = declared(beside);
        while (true) {
            Map<String, List<Line>> lines = lines(known);
            List<SourceFile> files = new ArrayList<>(beside);
            lines.forEach((name, each) -> files.add(new SourceFile(name, text(each))));
            List<Diagnostic> found = FullCheck.check(files, house).diagnostics().stream()
                    .filter(each -> lines.containsKey(each.path()))
                    .toList();
            List<Diagnostic> errors = found.stream().filter(Diagnostic::isError).toList();
            if (errors.isEmpty()) {
                Map<String, String> texts = new LinkedHashMap<>();
                lines.forEach((name, each) -> texts.put(name, text(each)));
                return new Result(texts, found);
            }
            refuse(errors, lines);
        }
    }

    private void refuse(List<Diagnostic> errors, Map<String, List<Line>> lines) {
        Set<Draft> live =
                new LinkedHashSet<>(drafts().stream().filter(Draft::isLive).toList());
        for (Diagnostic error : errors) {
            List<Line> all = lines.getOrDefault(error.path(), List.of());
            int index = Math.min(error.span().line(), all.size()) - 1;
            Line line = index < 0 ? null : all.get(index);
            for (Draft draft : live) {
                boolean own = line != null
                        && (draft == line.draft()
                                || line.thing() != null && draft.things().contains(line.thing()));
                if (own) {
                    String help = error.help().isEmpty() ? "" : ": " + error.help();
                    draft.cannot(
                            draft.origin.line(),
                            "the checker refuses it: " + error.code() + " " + error.message() + help);
                }
            }
        }
        if (live.stream().allMatch(Draft::isLive)) {
            throw new IllegalStateException(errors.get(0).render());
        }
    }

    private Map<String, List<Line>> lines(Set<String> known) {
        Map<String, List<Line>> out = new LinkedHashMap<>();
        boolean first = true;
        for (Map.Entry<String, List<Draft>> file : drafts.entrySet()) {
            List<Line> lines = new ArrayList<>();
            heads.getOrDefault(file.getKey(), List.of()).forEach(each -> lines.add(new Line(each, null, null)));
            if (first) {
                declarations(lines, known);
                first = false;
            }
            for (Draft draft : file.getValue()) {
                lines.add(new Line("", null, null));
                draft.render().forEach(each -> lines.add(new Line(each, draft, null)));
            }
            out.put(file.getKey(), lines);
        }
        return out;
    }

    /** The devices and variables that files declare. */
    private static Set<String> declared(List<SourceFile> files) {
        return files.stream()
                .flatMap(file -> RuleParser.parse(file).file().declarations().stream())
                .filter(each -> each instanceof Decl.Expect || each instanceof Decl.Variable)
                .map(each -> each.name().text())
                .collect(Collectors.toSet());
    }

    /** What live rules use of what neither the house nor the files beside know. */
    private void declarations(List<Line> lines, Set<String> known) {
        Map<String, Thing> used = new TreeMap<>();
        for (Draft draft : drafts()) {
            for (Thing thing : draft.things()) {
                if (draft.isLive() && thing.declaration() != null && !known.contains(thing.path())) {
                    used.putIfAbsent(thing.declaration(), thing);
                }
            }
        }
        if (!used.isEmpty()) {
            lines.add(new Line("", null, null));
            used.forEach((declaration, thing) -> lines.add(new Line(declaration, null, thing)));
        }
    }

    private static String text(List<Line> lines) {
        StringBuilder out = new StringBuilder();
        lines.forEach(line -> out.append(line.text()).append('\n'));
        return out.toString();
    }
}
