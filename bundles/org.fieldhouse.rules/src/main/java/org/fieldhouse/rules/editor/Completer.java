package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.editor.Completion.Kind;
import org.fieldhouse.rules.editor.Follower.Candidate;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;

/** Says what can be written at one place. */
final class Completer {
    /** More than this is not offered at once: nobody reads it, and the client asks again with more letters. */
    private static final int MAX_ITEMS = 500;

    private final NameTable names;
    private final String text;
    private final int offset;
    private final Caret caret;
    private final Map<String, Completion> found = new LinkedHashMap<>();

    private Completer(NameTable names, String text, int offset) {
        this.names = names;
        this.text = text;
        this.offset = offset;
        this.caret = Caret.at(text, offset);
    }

    static Completion.Offer complete(NameTable names, Map<String, Kind> recipients, String text, int offset) {
        return new Completer(names, text, offset).offer(recipients);
    }

    private Completion.Offer offer(Map<String, Kind> recipients) {
        if (caret.silent()) {
            return new Completion.Offer(List.of(), false);
        }
        List<Lexeme> before = caret.before();
        boolean number = !before.isEmpty()
                && before.get(before.size() - 1).type() == RulesLexer.NUMBER
                && text.substring(before.get(before.size() - 1).end(), caret.from())
                                .indexOf('\n')
                        < 0;
        if (number) {
            units(before.subList(0, before.size() - 1), before.get(before.size() - 1));
        }
        Set<Candidate> candidates = caret.candidates(before);
        NameItems items = new NameItems(names, caret, recipients, this::add);
        WordItems words = new WordItems(names, caret, this::add);
        for (Candidate each : candidates) {
            if (each.type() == RulesLexer.PATH) {
                items.offer(each.frame());
            } else if (each.type() == RulesLexer.WORD) {
                words.offer(each.frame());
            } else if (!Lexeme.keyword(each.type()).isEmpty()
                    && !Follower.NAMING.contains(each.frame().rule())) {
                keyword(Lexeme.keyword(each.type()));
            } else if (each.type() == RulesLexer.UNIT_SIGN) {
                allUnits();
            }
        }
        words.members(candidates);
        List<Completion> all = new ArrayList<>(found.values());
        all.sort(Comparator.comparingInt(Completion::rank));
        boolean more = all.size() > MAX_ITEMS;
        return new Completion.Offer(more ? all.subList(0, MAX_ITEMS) : all, more);
    }

    private void add(Completion item) {
        found.merge(item.label(), item, (known, other) -> other.rank() < known.rank() ? other : known);
    }

    private void keyword(String word) {
        if (word.startsWith(caret.piece().toLowerCase(Locale.ROOT))) {
            add(new Completion(
                    word, Kind.KEYWORD, "", Descriptions.keyword(word), caret.from(), word, goesOn(word) ? 3 : 2));
        }
    }

    /** At the start of a line a new thing is more likely than more of the line before. */
    private boolean goesOn(String word) {
        boolean startsLine = text.substring(text.lastIndexOf('\n', caret.from() - 1) + 1, caret.from())
                .isBlank();
        return startsLine
                && Set.of("and", "or", "is", "between", "for", "within", "with", "from", "to", "by", "each", "else")
                        .contains(word);
    }

    /** Units of the dimension that is expected, the expected one first. */
    private void units(List<Lexeme> before, Lexeme number) {
        Set<Candidate> candidates = caret.candidates(before);
        Expecting expecting = new Expecting(names, before, caret.locals());
        for (Candidate each : candidates) {
            if (each.type() != RulesLexer.QUANTITY) {
                continue;
            }
            Type type = expecting.at(each.frame());
            Unit expected = type instanceof Type.QuantityType q ? q.unit() : null;
            if (expected == null && type instanceof Type.UnknownType) {
                allUnits();
            } else if (expected != null && !expected.symbol().isEmpty()) {
                unit(expected, 0, number);
                boolean difference =
                        before.size() > 0 && before.get(before.size() - 1).type() == RulesLexer.MINUS;
                for (String symbol : Units.symbols()) {
                    Unit unit = Units.of(symbol);
                    if (unit.convertsTo(expected) || difference && unit.convertsTo(Units.difference(expected))) {
                        unit(unit, 1, number);
                    }
                }
            }
        }
    }

    private void unit(Unit unit, int rank, Lexeme number) {
        boolean glued = number.end() == offset;
        String insert = (glued ? " " : "") + unit.symbol();
        if (unit.symbol().startsWith(caret.piece())) {
            add(new Completion(
                    unit.symbol(),
                    Kind.UNIT,
                    unit.dimension().toString(),
                    Descriptions.of(unit),
                    caret.from(),
                    insert,
                    rank));
        }
    }

    private void allUnits() {
        Lexeme nothing = new Lexeme(RulesLexer.NUMBER, "", 0, -1);
        Units.symbols().forEach(symbol -> unit(Units.of(symbol), 1, nothing));
    }
}
