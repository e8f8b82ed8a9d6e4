package org.fieldhouse.binding.mqtt.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A template of the subset in README.md: Jinja expressions over the message, {@code if}, {@code set}; no loops, no look at other
 * entities, no clock. Compiled once; whatever is outside the subset is refused then, never guessed. What it may make of a message
 * is bounded. Immutable.
 */
public final class Template {
    private final String text;
    private final List<Piece> pieces;

    /** A compiled expression. */
    @FunctionalInterface
    interface Node {
        @Nullable
        Object eval(Scope scope) throws TemplateException;
    }

    /** A compiled part of the template, which writes. */
    @FunctionalInterface
    interface Piece {
        void render(Scope scope, StringBuilder out) throws TemplateException;
    }

    private Template(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
    }

    /**
     * Compiles.
     *
     * @param variables the names that a template may use, such as {@code value} and {@code value_json}
     * @throws TemplateException with what is not supported
     */
    public static Template compile(String text, Set<String> variables) throws TemplateException {
        return new Template(text, List.copyOf(new TemplateParser(text, variables).template()));
    }

    /**
     * Applies it.
     *
     * @param variables their values: texts, numbers, booleans, lists, maps, null
     * @return the text without blanks around it
     * @throws TemplateException if it cannot be applied to these values
     */
    public String render(Map<String, @Nullable Object> variables) throws TemplateException {
        Scope scope = new Scope(variables);
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            piece.render(scope, out);
        }
        return out.toString().strip();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
