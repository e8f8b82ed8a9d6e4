package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.jspecify.annotations.Nullable;

/** Gives literals their value, seen from the type of what they are compared with or assigned to. */
final class Literals {
    /** Other words for the two sides of a point whose words are only on and off. */
    private static final Map<String, Boolean> BOOL_WORDS =
            Map.of("on", true, "off", false, "true", true, "false", false);

    /** For an opening whose device says on and off: a valve. */
    private static final Map<String, Boolean> OPENING = Map.of("open", true, "closed", false);

    /** sRGB values of CSS Color Module Level 4, section 6.1. */
    private static final Map<String, Integer> COLOURS = Map.of(
            "red", 0xff0000, "green", 0x008000, "blue", 0x0000ff, "yellow", 0xffff00, "orange", 0xffa500, "purple",
            0x800080, "pink", 0xffc0cb, "white", 0xffffff, "cyan", 0x00ffff, "magenta", 0xff00ff);

    private final Facts facts;
    private final Findings findings;

    Literals(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    /** The names of colours, sorted. */
    static Set<String> colours() {
        return new TreeSet<>(COLOURS.keySet());
    }

    Type number(Expr.Num literal) {
        return facts.constant(literal, Quantity.of(literal.value()), new Type.QuantityType(Unit.ONE));
    }

    Type quantity(Expr.Quantity literal, @Nullable Type hint) {
        return measured(literal, Quantity.of(literal.value(), literal.unit().text()), hint);
    }

    Type duration(Expr.DurationLit literal, @Nullable Type hint) {
        return measured(literal, new Quantity(literal.value().toMillis() / 1000.0, Units.SECOND), hint);
    }

    private Type measured(Expr literal, Quantity value, @Nullable Type hint) {
        if (hint instanceof Type.QuantityType wanted
                && value.unit().convertsTo(wanted.unit())
                && !Types.isPlain(wanted)) {
            return facts.constant(literal, value.in(wanted.unit()), wanted);
        }
        return facts.constant(literal, value, new Type.QuantityType(value.unit()));
    }

    Type text(Expr.TextLit literal, @Nullable Type hint) {
        String plain = literal.plain();
        if (literal.isPlain() && hint instanceof Type.ChoiceType choice && !plain.isEmpty()) {
            return option(literal, plain, choice);
        }
        if (literal.isPlain()
                && hint instanceof Type.BoolType bool
                && (plain.equals(bool.on()) || plain.equals(bool.off()))) {
            return facts.constant(literal, Bool.of(plain.equals(bool.on())), bool);
        }
        if (literal.isPlain() && hint instanceof Type.ColourType && plain.matches("#[0-9a-fA-F]{6}")) {
            return facts.constant(literal, Colour.ofRgb(Integer.parseInt(plain.substring(1), 16)), Type.COLOUR);
        }
        if (literal.isPlain() && plain.length() <= Text.MAX_LENGTH) {
            facts.constants.put(literal, new Text(plain));
        }
        return facts.type(literal, Type.TEXT);
    }

    /** A bare word that is no local. */
    Type word(Expr.Word word, @Nullable Type hint) {
        String text = word.text();
        if (hint instanceof Type.BoolType bool) {
            Boolean side = side(text, bool);
            if (side != null) {
                return facts.constant(word, Bool.of(side), bool);
            }
            return reject(word, List.of(bool.on(), bool.off(), "on", "off"), Types.describe(bool));
        } else if (hint instanceof Type.ChoiceType choice) {
            return option(word, text, choice);
        } else if (hint instanceof Type.ColourType) {
            Integer rgb = COLOURS.get(text);
            return rgb == null
                    ? reject(word, COLOURS.keySet(), "a colour: " + String.join(", ", new TreeSet<>(COLOURS.keySet())))
                    : facts.constant(word, Colour.ofRgb(rgb), Type.COLOUR);
        } else if (hint == null && BOOL_WORDS.containsKey(text)) {
            return facts.constant(word, Bool.of(text.equals("on") || text.equals("true")), Type.BoolType.CONDITION);
        } else if (hint == null || !Types.isUnknown(hint)) {
            String expected = hint == null ? "" : "; expected " + Types.describe(hint);
            findings.add(
                    Code.E204,
                    word.span(),
                    "'" + text + "' means nothing here" + expected,
                    "names of your own start with a capital letter");
        }
        return facts.type(word, Type.UNKNOWN);
    }

    /** Which side of a two-valued point a word means; null for neither. */
    static @Nullable Boolean side(String word, Type.BoolType bool) {
        if (word.equalsIgnoreCase(bool.on())) {
            return true;
        }
        if (word.equalsIgnoreCase(bool.off())) {
            return false;
        }
        Boolean general = BOOL_WORDS.get(word);
        boolean plain = bool.equals(Type.BoolType.CONDITION);
        return general == null && plain ? OPENING.get(word) : general;
    }

    private Type option(Expr literal, String text, Type.ChoiceType choice) {
        String found = option(text, choice.options());
        if (found != null) {
            return facts.constant(literal, new Choice(found), choice);
        }
        return reject(literal, choice.options(), Types.describe(choice));
    }

    /** The option that a word means: exactly, or but for capitals. */
    static @Nullable String option(String word, List<String> options) {
        String found = null;
        for (String each : options) {
            if (each.equals(word)) {
                return each;
            }
            found = each.equalsIgnoreCase(word) && found == null ? each : found;
        }
        return found;
    }

    private Type reject(Expr literal, Collection<String> known, String expected) {
        String text = literal instanceof Expr.Word word ? word.text() : ((Expr.TextLit) literal).plain();
        String help = Suggestions.didYouMean(text, new ArrayList<>(known));
        findings.add(
                Code.E204,
                literal.span(),
                "'" + text.toLowerCase(Locale.ROOT) + "' is not possible here",
                help.isEmpty() ? "it is " + expected : help);
        return facts.type(literal, Type.UNKNOWN);
    }

    /** The constant of a checked literal; null for what must be computed. */
    @Nullable
    Value constant(Expr e) {
        return facts.constants.get(e);
    }
}
