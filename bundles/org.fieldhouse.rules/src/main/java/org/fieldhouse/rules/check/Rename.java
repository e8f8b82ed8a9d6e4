package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Span;

/** Gives a device, group, variable, counter, scene or alarm another name in rule files; every other character stays as it is. */
public final class Rename {
    private static final Pattern PATH = Pattern.compile(
            "(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r\\n]+`)(?:\\.(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r\\n]+`))*");

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

    /** The new name without quotes. */
    public String to() {
        return to;
    }

    private static String plain(String name) {
        return name.replace("`", "");
    }

    /** Where the old name stands, in the order of the text. A file with a syntax error gives only what could be read. */
    public List<Span> places(SourceFile file) {
        TreeMap<Integer, Span> found = new TreeMap<>(Comparator.naturalOrder());
        List<Name> names = new ArrayList<>();
        RuleParser.parse(file).file().declarations().forEach(decl -> names(decl, names));
        for (Name name : names) {
            Span span = name.span();
            boolean inside = span.end() <= file.text().length() && span.start() < span.end();
            if (name.text().equals(from)
                    && inside
                    && plain(file.text().substring(span.start(), span.end())).equals(from)) {
                found.put(span.start(), span);
            }
        }
        return List.copyOf(found.values());
    }

    private static void names(Object node, List<Name> into) {
        if (node instanceof Name name) {
            into.add(name);
        } else if (node instanceof Collection<?> list) {
            list.forEach(each -> names(each, into));
        } else if (node instanceof Record) {
            ContentHash.parts(node).forEach(each -> names(each, into));
        }
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
        return new HouseModel(devices);
    }
}
