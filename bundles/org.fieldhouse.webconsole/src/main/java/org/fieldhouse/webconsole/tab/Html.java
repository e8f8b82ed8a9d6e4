package org.fieldhouse.webconsole.tab;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.owasp.encoder.Encode;

/** A piece of a page in which everything that is not the program's own text is escaped. */
public final class Html {
    public static final Html NONE = new Html("");

    private final String text;

    private Html(String text) {
        this.text = text;
    }

    /**
     * A template of the program's own with values put where <code>{}</code> stands: pieces as they are, everything else escaped for
     * text and for attributes in double quotes.
     *
     * @throws IllegalArgumentException if there are more or fewer values than places
     */
    public static Html of(String template, Object... values) {
        StringBuilder out = new StringBuilder(template.length() + 32 * values.length);
        int from = 0;
        for (Object value : values) {
            int place = template.indexOf("{}", from);
            if (place < 0) {
                throw new IllegalArgumentException("no place for '" + value + "' in " + template);
            }
            out.append(template, from, place).append(value instanceof Html html ? html.text : escape(value.toString()));
            from = place + 2;
        }
        if (template.indexOf("{}", from) >= 0) {
            throw new IllegalArgumentException("a value is missing in " + template);
        }
        return new Html(out.append(template, from, template.length()).toString());
    }

    /** The console replaces variables, dollar and braces, in everything that a tab writes: a value must not name one. */
    private static String escape(String value) {
        return Encode.forHtml(value).replace("$", "&#36;");
    }

    /** One after the other. */
    public static Html join(Stream<Html> pieces) {
        return new Html(pieces.map(Html::toString).collect(Collectors.joining()));
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text;
    }
}
