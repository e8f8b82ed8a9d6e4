package org.fieldhouse.rules.editor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.editor.Follower.Candidate;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;

/** Says what stands at a place. */
final class Hoverer {
    private final NameTable names;
    private final String text;

    Hoverer(NameTable names, String text) {
        this.names = names;
        this.text = text;
    }

    /**
     * What is known about it.
     *
     * @param markdown a few lines
     */
    record About(String markdown, int from, int to) {}

    Optional<About> at(int offset) {
        List<Lexeme> all = Lexeme.spoken(text);
        for (int i = 0; i < all.size(); i++) {
            Lexeme each = all.get(i);
            if (!each.touches(offset)) {
                continue;
            }
            boolean nextTouches = i + 1 < all.size() && all.get(i + 1).start() == offset;
            if (each.end() == offset && nextTouches) {
                continue;
            }
            return each.isText() ? inHole(each, offset) : about(all, i);
        }
        return Optional.empty();
    }

    private Optional<About> inHole(Lexeme string, int offset) {
        for (Lexeme.Hole hole : string.holes()) {
            if (hole.touches(offset)) {
                return new Hoverer(names, hole.text())
                        .at(offset - hole.start())
                        .map(each -> new About(each.markdown(), each.from() + hole.start(), each.to() + hole.start()));
            }
        }
        return Optional.empty();
    }

    private Optional<About> about(List<Lexeme> all, int index) {
        Lexeme it = all.get(index);
        String markdown =
                switch (it.type()) {
                    case RulesLexer.PATH -> name(all, index);
                    case RulesLexer.MEMBER -> member(all, index);
                    case RulesLexer.QUANTITY -> quantity(it);
                    default -> it.isKeyword() || it.type() == RulesLexer.WORD ? word(all, index) : "";
                };
        return markdown.isEmpty() ? Optional.empty() : Optional.of(new About(markdown, it.start(), it.end()));
    }

    private String name(List<Lexeme> all, int index) {
        String name = all.get(index).name();
        String local =
                Caret.locals(all.subList(0, Math.min(all.size(), index + 1))).get(name);
        if (local == null && index > 0 && all.get(index - 1).type() == RulesLexer.LET) {
            local = Caret.locals(all).get(name);
        }
        if (local != null) {
            return "`let` **" + name + "** = `" + local + "`";
        }
        Optional<NameTable.Declared> declared =
                Occurrences.declarations(names, name).stream().findFirst();
        Optional<DeviceInfo> device = names.model().named(name);
        if (device.isPresent()) {
            return Descriptions.of(device.get());
        }
        return declared.map(each -> Descriptions.of(each, names)).orElse("");
    }

    private String member(List<Lexeme> all, int index) {
        if (index == 0) {
            return "";
        }
        String member = all.get(index).name();
        Lexeme owner = all.get(index - 1);
        if (owner.type() == RulesLexer.SUN) {
            return "**sun." + member + "** · in °";
        }
        DeviceInfo device = names.model().named(owner.name()).orElse(null);
        if (device == null
                && names.resolve(owner.name(), member).orElse(null) instanceof Resolution.OfGroup group
                && !group.members().isEmpty()
                && group.members().get(0) instanceof Resolution.OfPoint first) {
            device = first.device();
        }
        if (device == null) {
            return "";
        }
        DeviceInfo found = device;
        DeviceDescription is = found.description();
        return is.point(member)
                .map(each -> Descriptions.of(found, each))
                .or(() -> is.action(member).map(each -> Descriptions.of(found, each)))
                .or(() -> is.event(member).map(each -> Descriptions.of(found, each)))
                .orElse("");
    }

    private static String quantity(Lexeme it) {
        String unit = it.text().replaceFirst("^[0-9.]+[\\s\\u00A0\\u202F]*", "");
        return Units.find(unit).map(Descriptions::of).orElse("");
    }

    /** A word of the language by its meaning; where a value or name is meant, what it can be. */
    private String word(List<Lexeme> all, int index) {
        Lexeme it = all.get(index);
        Caret caret = Caret.at(text, it.start());
        Set<Candidate> candidates = caret.candidates(caret.before());
        boolean keyword = false;
        String meant = "";
        for (Candidate each : candidates) {
            if (each.type() != it.type()) {
                continue;
            }
            int rule = each.frame().rule();
            boolean naming = Follower.NAMING.contains(rule);
            keyword |= !naming;
            meant = meant.isEmpty() && naming ? meant(caret, each.frame(), it, caret.locals()) : meant;
        }
        return keyword || meant.isEmpty() && it.isKeyword() ? Descriptions.keyword(it.text()) : meant;
    }

    private String meant(Caret caret, Frame frame, Lexeme it, Map<String, String> locals) {
        Optional<String> function = names.model().function(it.text()).map(Descriptions::of);
        if (function.isPresent()) {
            return function.get();
        }
        String local = locals.get(it.text());
        if (local != null) {
            return "`let` **" + it.text() + "** = `" + local + "`";
        }
        if (frame.rule() == RulesParser.RULE_eventWord && frame.outer() != null) {
            int start = frame.outer().start();
            String device =
                    start < caret.before().size() ? caret.before().get(start).name() : "";
            return names.model()
                    .named(device)
                    .flatMap(found -> found.description().event(it.text()).map(event -> Descriptions.of(found, event)))
                    .orElse("");
        }
        Type type = new Expecting(names, caret.before(), locals).at(frame);
        return type instanceof Type.UnknownType ? "" : "`" + it.text() + "` · " + NameTable.describe(type);
    }
}
