package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Span;

/**
 * A declaration in the outline of a file, or a step of a sequence.
 *
 * @param kind the word that opens it: rule, scene … step
 * @param name as written
 * @param place all of it
 * @param nameAt its name
 */
public record Symbol(String kind, String name, Span place, Span nameAt, List<Symbol> inside) {
    public Symbol {
        inside = List.copyOf(inside);
    }

    /** The outline of a file, in the order of the text; declarations with errors included. */
    static List<Symbol> of(SourceFile file) {
        List<Symbol> all = new ArrayList<>();
        for (Decl decl : RuleParser.parse(file).file().declarations()) {
            List<Symbol> inside = decl instanceof Decl.Sequence sequence
                    ? sequence.steps().stream()
                            .map(step -> new Symbol(
                                    "step",
                                    step.name().text(),
                                    step.span(),
                                    within(step.name().span(), step.span()),
                                    List.of()))
                            .toList()
                    : List.of();
            String name = decl.key().isBlank() ? decl.kind() : decl.key();
            all.add(new Symbol(
                    decl.kind(), name, decl.span(), within(decl.name().span(), decl.span()), inside));
        }
        return all;
    }

    /** Editors insist that the name lies inside. */
    private static Span within(Span name, Span place) {
        return name.start() >= place.start() && name.end() <= place.end() ? name : place;
    }
}
