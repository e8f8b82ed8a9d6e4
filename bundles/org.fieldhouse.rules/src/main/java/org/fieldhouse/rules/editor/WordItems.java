package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.editor.Completion.Kind;
import org.fieldhouse.rules.editor.Follower.Candidate;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;

/** Offers lower-case words that are no words of the language: values, events, options, kinds. */
final class WordItems {
    private static final List<String> DAYS = List.of(
            "day",
            "workday",
            "weekend",
            "holiday",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday");

    private final NameTable names;
    private final Caret caret;
    private final Consumer<Completion> into;
    private final List<Lexeme> tokens;

    WordItems(NameTable names, Caret caret, Consumer<Completion> into) {
        this.names = names;
        this.caret = caret;
        this.into = into;
        this.tokens = caret.before();
    }

    /** What can stand where that frame expects a word. */
    void offer(Frame frame) {
        Frame outer = frame.outer();
        if (outer == null) {
            return;
        }
        if (frame.rule() == RulesParser.RULE_eventWord) {
            events(outer);
        } else if (frame.rule() == RulesParser.RULE_value) {
            values(frame, outer);
        } else if (frame.rule() == RulesParser.RULE_word) {
            word(frame, outer);
        }
    }

    private int last() {
        return tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).type();
    }

    private void word(Frame frame, Frame outer) {
        switch (outer.rule()) {
            case RulesParser.RULE_head, RulesParser.RULE_controlPart, RulesParser.RULE_keepDecl ->
                all(NameTable.classes(), "class");
            case RulesParser.RULE_alarmPart -> all(lower(Decl.AlarmPriority.values()), "priority");
            case RulesParser.RULE_daySet -> all(DAYS, "");
            case RulesParser.RULE_primary -> all(lower(Expr.AlarmTest.values()), "state of an alarm");
            case RulesParser.RULE_resetAt -> all(lower(Decl.Period.values()), "");
            case RulesParser.RULE_expectDecl -> all(NameTable.kinds(), "kind of device");
            case RulesParser.RULE_groupDecl -> {
                if (last() == RulesLexer.EVERY) {
                    all(List.of("device"), "of any kind");
                    all(NameTable.kinds(), "kind of device");
                }
            }
            case RulesParser.RULE_statement -> {
                if (last() == RulesLexer.CALL) {
                    functions(false);
                }
            }
            case RulesParser.RULE_linkPart -> copied(outer);
            case RulesParser.RULE_withArg ->
                Target.of(names, tokens, frame, caret.locals())
                        .options()
                        .forEach((name, spec) -> item(name, Kind.OPTION, spec.describe(), 0));
            case RulesParser.RULE_arg -> {
                for (ArgumentSpec each :
                        Target.of(names, tokens, frame, caret.locals()).arguments()) {
                    item(each.name(), Kind.OPTION, each.value().describe(), 0, each.name() + ": ");
                }
            }
            default -> {}
        }
    }

    private static List<String> lower(Enum<?>[] all) {
        List<String> words = new ArrayList<>();
        for (Enum<?> each : all) {
            words.add(each.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    private void all(Iterable<String> words, String detail) {
        words.forEach(each -> item(each, Kind.VALUE, detail, 0));
    }

    private void item(String word, Kind kind, String detail, int rank) {
        item(word, kind, detail, rank, word);
    }

    private void item(String word, Kind kind, String detail, int rank, String insert) {
        if (word.toLowerCase(Locale.ROOT).startsWith(caret.piece().toLowerCase(Locale.ROOT))) {
            into.accept(new Completion(word, kind, detail, "", caret.from(), insert, rank));
        }
    }

    /** The words of the type that is expected, names of {@code let}s, functions. */
    private void values(Frame value, Frame outer) {
        Type type = new Expecting(names, tokens, caret.locals()).at(value);
        if (type instanceof Type.BoolType bool) {
            all(List.of(bool.on(), bool.off()), NameTable.describe(type));
        } else if (type instanceof Type.ChoiceType choice) {
            for (String each : choice.options()) {
                boolean plain = each.matches("[\\p{Ll}\\p{Lo}_][\\p{L}\\p{N}_]*");
                item(each, Kind.VALUE, NameTable.describe(type), 0, plain ? each : '"' + each + '"');
            }
        } else if (type instanceof Type.ColourType) {
            all(NameTable.colours(), "colour");
        }
        if (outer.rule() == RulesParser.RULE_primary) {
            caret.locals().forEach((name, text) -> {
                if (!name.isEmpty() && !Character.isUpperCase(name.codePointAt(0))) {
                    item(name, Kind.LOCAL, text, 1);
                }
            });
            functions(true);
            if (type instanceof Type.QuantityType) {
                NameTable.functions().forEach(each -> item(each, Kind.FUNCTION, "", 2, each + "()"));
            }
        }
    }

    /** Functions that bundles contribute: those that compute, or those that act. */
    private void functions(boolean pure) {
        for (FunctionSpec each : names.model().functions()) {
            if (each.isPure() == pure && each.name().startsWith(caret.piece())) {
                into.accept(new Completion(
                        each.name(),
                        Kind.FUNCTION,
                        "",
                        Descriptions.of(each),
                        caret.from(),
                        each.name() + "()",
                        pure ? 2 : 0));
            }
        }
    }

    /** Events of the device that the edge or act begins with. */
    private void events(Frame edge) {
        if (edge.start() >= tokens.size()) {
            return;
        }
        names.model().named(tokens.get(edge.start()).name()).ifPresent(device -> {
            for (EventSpec each : device.description().events()) {
                if (each.name().startsWith(caret.piece())) {
                    into.accept(new Completion(
                            each.name(), Kind.EVENT, "", Descriptions.of(device, each), caret.from(), each.name(), 0));
                }
            }
        });
    }

    private void copied(Frame part) {
        Frame link = part.outer();
        if (link == null || link.start() + 1 >= tokens.size()) {
            return;
        }
        names.model().named(tokens.get(link.start() + 1).name()).ifPresent(device -> {
            for (PointSpec each : device.description().points()) {
                item(each.name(), Kind.POINT, each.value().describe(), 0);
            }
        });
    }

    /** What follows {@code sun.} and {@code event.}. */
    void members(Set<Candidate> candidates) {
        int dot = caret.piece().indexOf('.');
        String owner = dot < 0 ? "" : caret.piece().substring(0, dot);
        int type = owner.equals("sun") ? RulesLexer.SUN : owner.equals("event") ? RulesLexer.EVENT : 0;
        if (type == 0 || candidates.stream().noneMatch(each -> each.type() == type)) {
            return;
        }
        String begun = caret.piece().substring(dot + 1);
        Map<String, String> all = type == RulesLexer.SUN
                ? Map.of("elevation", "angle above the horizon in °", "azimuth", "angle from north in °")
                : eventFields();
        all.forEach((name, detail) -> {
            if (name.startsWith(begun)) {
                into.accept(new Completion(name, Kind.OPTION, detail, "", caret.from() + dot + 1, name, 0));
            }
        });
    }

    /** The fields of all events of the devices that trigger this declaration. */
    private Map<String, String> eventFields() {
        Map<String, String> all = new LinkedHashMap<>();
        List<Lexeme> around = caret.around();
        for (int i = 1; i + 1 < around.size(); i++) {
            if (around.get(i - 1).type() == RulesLexer.WHEN && around.get(i).isPath()) {
                String event = around.get(i + 1).name();
                DeviceInfo device = names.model().named(around.get(i).name()).orElse(null);
                if (device != null) {
                    device.description().event(event).ifPresent(spec -> spec.arguments()
                            .forEach(each -> all.put(each.name(), each.value().describe())));
                }
            }
        }
        return all;
    }
}
