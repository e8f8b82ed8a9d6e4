package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;

/** Gives a device, group, variable, counter, scene or alarm another name in rule files; every other character stays as it is. */
public final class Rename {
    private static final Pattern PATH = Pattern.compile("(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r"
            + "\\n"
            + "]+`)(?:\\.(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r"
            + "\\n"
            + "]+`))*");

    private final String from;
    private final String to;
    private final String written;

    /**
     * A change of name. Names are given as in a rule file, or plain ({@code küche/licht 2}).
     *
     * @throws IllegalArgumentException if one cannot be a name
     */
    public Rename(String from, String to) {
        this.from = plain(from);
        this.to = plain(to);
        this.written = PATH.matcher(to).matches() ? to : "`" + to + "`";
        for (String each : new String[] {from, to}) {
            if (each.isBlank() || !PATH.matcher(each).matches() && each.indexOf('`') >= 0 || each.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("'" + each + "' cannot be a name");
            }
        }
    }

    /** The old name without quotes. */
    public String from() {
        return from;
    }

    /** The new name as it is written in a rule file. */
    public String written() {
        return written;
    }

    /** The new name without quotes. */
    public String to() {
        return to;
    }

    private static String plain(String name) {
        return name.replace("`", "");
    }

    /**
     * Where the old name stands, in the order of the text, whether that can be parsed or not. What stands behind {@code in} and
     * {@code tagged} names a unit, an area or a tag.
     */
    public List<Span> places(SourceFile file) {
        List<Span> found = new ArrayList<>();
        int before = 0;
        for (Lexeme each : Lexeme.names(file.text())) {
            boolean other = before == RulesLexer.IN || before == RulesLexer.TAGGED;
            before = each.type();
            if (each.isPath() && !other && each.name().equals(from)) {
                found.add(place(file.text(), each));
            }
        }
        found.sort(Comparator.comparingInt(Span::start));
        return found;
    }

    private static Span place(String text, Lexeme name) {
        int lineStart = text.lastIndexOf('\n', name.start() - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Span(name.start(), name.end(), line, 1 + text.codePointCount(lineStart, name.start()));
    }

    /** The file with the new name. */
    public SourceFile apply(SourceFile file) {
        StringBuilder text = new StringBuilder(file.text());
        List<Span> places = places(file);
        for (int i = places.size() - 1; i >= 0; i--) {
            text.replace(places.get(i).start(), places.get(i).end(), written);
        }
        return new SourceFile(file.path(), text.toString());
    }

    /** The house in which the device of the old name, if there is one, has the new one. */
    public HouseModel apply(HouseModel house) {
        List<DeviceInfo> devices = new ArrayList<>();
        for (DeviceInfo d : house.devices()) {
            devices.add(
                    d.name().equals(from)
                            ? new DeviceInfo(
                                    d.id(),
                                    to,
                                    d.binding(),
                                    d.bridge(),
                                    d.area(),
                                    d.tags(),
                                    d.description(),
                                    d.status())
                            : d);
        }
        return new HouseModel(devices, house.functions());
    }
}
