package org.fieldhouse.rules.editor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.jspecify.annotations.Nullable;

/** Which type a value has to have where it stands: that of what it is compared with, or of what it is given to. */
final class Expecting {
    private static final Type TIME = new Type.QuantityType(Units.SECOND);

    private final NameTable names;
    private final List<Lexeme> tokens;
    private final Map<String, String> locals;

    Expecting(NameTable names, List<Lexeme> tokens, Map<String, String> locals) {
        this.names = names;
        this.tokens = tokens;
        this.locals = locals;
    }

    /** The type of a value that would stand behind all tokens, inside that frame; {@link Type#UNKNOWN} if anything may stand. */
    Type at(Frame innermost) {
        int child = tokens.size();
        Frame inner = null;
        for (Frame frame : innermost.chain()) {
            Type found = decide(frame, inner, child);
            if (found != null) {
                return found;
            }
            child = frame.start();
            inner = frame;
        }
        return Type.UNKNOWN;
    }

    /**
     * What this construct says; null if an outer one decides.
     *
     * @param child where the inner construct begins
     */
    private @Nullable Type decide(Frame frame, @Nullable Frame inner, int child) {
        int from = frame.start();
        int last = child > from ? tokens.get(child - 1).type() : 0;
        return switch (frame.rule()) {
            case RulesParser.RULE_held -> TIME;
            case RulesParser.RULE_additive ->
                last == RulesLexer.PLUS || last == RulesLexer.MINUS ? summand(from, child - 1, last) : null;
            case RulesParser.RULE_term -> last == RulesLexer.STAR || last == RulesLexer.SLASH ? Type.UNKNOWN : null;
            case RulesParser.RULE_compared ->
                inner != null && inner.rule() == RulesParser.RULE_tail ? compared(from, child) : null;
            case RulesParser.RULE_primary -> primary(inner, from, child);
            case RulesParser.RULE_args -> Type.UNKNOWN;
            case RulesParser.RULE_arg -> argument(frame, child);
            case RulesParser.RULE_withArg -> option(frame, child);
            case RulesParser.RULE_edge -> edge(from, child, last);
            case RulesParser.RULE_statement -> statement(from, child, last);
            case RulesParser.RULE_assignment, RulesParser.RULE_act ->
                last == RulesLexer.ASSIGN || last == RulesLexer.TO ? type(from, child - 1) : null;
            case RulesParser.RULE_given -> given(from, child, last);
            case RulesParser.RULE_timed -> last == RulesLexer.AT ? TIME : Type.UNKNOWN;
            case RulesParser.RULE_controlPart -> control(frame, last);
            case RulesParser.RULE_keepElse -> kept(frame);
            case RulesParser.RULE_alarmPart, RulesParser.RULE_uploadPart, RulesParser.RULE_uploadWhen ->
                last == RulesLexer.AFTER
                                || last == RulesLexer.MOST
                                || last == RulesLexer.BUFFER
                                || last == RulesLexer.EVERY
                        ? TIME
                        : Type.UNKNOWN;
            case RulesParser.RULE_resetAt -> Type.TIME_OF_DAY;
            case RulesParser.RULE_variableDecl -> variable(from, child);
            case RulesParser.RULE_declaration -> Type.UNKNOWN;
            default -> null;
        };
    }

    /** The left side of a comparison; what follows {@code any of Windows} is a test of the members, not of the answer. */
    private Type compared(int from, int to) {
        int first = tokens.get(from).type();
        boolean quantified = first == RulesLexer.ANY || first == RulesLexer.ALL || first == RulesLexer.NONE;
        return quantified ? Type.UNKNOWN : type(from, to);
    }

    /** The other side of a sum: what goes with a place on a scale is a difference, or for minus another place. */
    private Type summand(int from, int to, int operator) {
        Type left = type(from, to);
        if (left instanceof Type.QuantityType q && q.unit().isAbsolute() && operator == RulesLexer.PLUS) {
            return new Type.QuantityType(Units.difference(q.unit()));
        }
        return left;
    }

    private @Nullable Type primary(@Nullable Frame inner, int from, int child) {
        boolean test =
                inner != null && (inner.rule() == RulesParser.RULE_tail || inner.rule() == RulesParser.RULE_countTail);
        return test ? type(from + 2, child) : null;
    }

    private @Nullable Type edge(int from, int child, int last) {
        if (last == RulesLexer.EVERY) {
            return TIME;
        } else if (last == RulesLexer.AT || child > from && tokens.get(from).type() == RulesLexer.AT) {
            return Type.TIME_OF_DAY;
        }
        boolean of = child > from + 1 && tokens.get(from + 1).type() == RulesLexer.OF;
        int subject = of ? from + 2 : from;
        for (int i = subject; i < child; i++) {
            switch (tokens.get(i).type()) {
                case RulesLexer.TURNS, RulesLexer.BECOMES, RulesLexer.REACHES -> {
                    return type(subject, i);
                }
                case RulesLexer.CHANGES -> {
                    Type type = type(subject, i);
                    return last == RulesLexer.BY && type instanceof Type.QuantityType q
                            ? new Type.QuantityType(Units.difference(q.unit()))
                            : type;
                }
                default -> {}
            }
        }
        return Type.UNKNOWN;
    }

    private Type statement(int from, int child, int last) {
        if (child == from) {
            return Type.UNKNOWN;
        }
        int first = tokens.get(from).type();
        if (first == RulesLexer.SET) {
            return type(from + 1, child - 1);
        } else if (first == RulesLexer.REPEAT) {
            return new Type.QuantityType(Unit.ONE);
        }
        boolean duration = last == RulesLexer.WITHIN || last == RulesLexer.WAIT || last == RulesLexer.FOR;
        return duration ? TIME : Type.UNKNOWN;
    }

    private Type given(int from, int child, int last) {
        int end = last == RulesLexer.ASSIGN || last == RulesLexer.IS ? child - 1 : child;
        return end > from ? type(from, end) : Type.UNKNOWN;
    }

    private @Nullable Type control(Frame part, int last) {
        if (last == RulesLexer.LEAST) {
            return TIME;
        } else if (last == RulesLexer.WHEN || last == RulesLexer.CLASS || part.outer() == null) {
            return Type.UNKNOWN;
        }
        int ref = part.outer().start() + 1;
        int end = ref + 1 < tokens.size() && tokens.get(ref + 1).type() == RulesLexer.MEMBER ? ref + 2 : ref + 1;
        return type(ref, end);
    }

    /** {@code otherwise off}: of the point that is kept. */
    private Type kept(Frame otherwise) {
        Frame outer = otherwise.outer();
        int keep = outer == null ? otherwise.start() : outer.start();
        while (keep < otherwise.start() && tokens.get(keep).type() != RulesLexer.KEEP) {
            keep++;
        }
        int assign = keep;
        while (assign < otherwise.start() && tokens.get(assign).type() != RulesLexer.ASSIGN) {
            assign++;
        }
        return keep + 1 < assign ? type(keep + 1, assign) : Type.UNKNOWN;
    }

    private Type variable(int from, int child) {
        List<String> choices = tokens.subList(from, child).stream()
                .skip(3)
                .filter(each -> each.type() != RulesLexer.BAR && each.type() != RulesLexer.ASSIGN)
                .map(Lexeme::text)
                .toList();
        boolean declared = child > from + 2 && tokens.get(from + 2).type() == RulesLexer.COLON && !choices.isEmpty();
        return declared ? new Type.ChoiceType(choices) : Type.UNKNOWN;
    }

    private Type option(Frame arg, int child) {
        if (child == arg.start()) {
            return Type.UNKNOWN;
        }
        String name = tokens.get(arg.start()).text();
        Target target = Target.of(names, tokens, arg, locals);
        return target.options().entrySet().stream()
                .filter(each -> each.getKey().equals(name))
                .findFirst()
                .map(each -> NameTable.typeOf(each.getValue()))
                .orElse(Type.UNKNOWN);
    }

    private Type argument(Frame arg, int child) {
        List<ArgumentSpec> all = Target.of(names, tokens, arg, locals).arguments();
        if (child > arg.start()) {
            String name = tokens.get(arg.start()).text();
            return all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .map(each -> NameTable.typeOf(each.value()))
                    .orElse(Type.UNKNOWN);
        }
        int open = arg.start() - 1;
        int position = 0;
        while (open > 0 && tokens.get(open).type() != RulesLexer.LPAREN) {
            position += tokens.get(open).type() == RulesLexer.COMMA ? 1 : 0;
            open--;
        }
        return position < all.size() ? NameTable.typeOf(all.get(position).value()) : Type.UNKNOWN;
    }

    private Type type(int from, int to) {
        if (from >= to) {
            return Type.UNKNOWN;
        }
        Lexeme first = tokens.get(from);
        String member = to - from == 2 && tokens.get(from + 1).type() == RulesLexer.MEMBER
                ? tokens.get(from + 1).name()
                : "";
        if (first.isPath() && !locals.containsKey(first.name()) && (to - from == 1 || !member.isEmpty())) {
            Optional<ValueSpec> values =
                    names.resolve(first.name(), member).flatMap((Resolution found) -> NameTable.valuesOf(found));
            return values.map(NameTable::typeOf).orElse(Type.UNKNOWN);
        }
        return names.type(Caret.text(tokens, from, to), locals);
    }
}
