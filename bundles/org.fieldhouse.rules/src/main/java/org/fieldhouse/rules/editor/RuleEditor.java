package org.fieldhouse.rules.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Rename;
import org.fieldhouse.rules.editor.Completion.Kind;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;
import org.jspecify.annotations.Nullable;

/**
 * What an editor asks about rule files. It knows the names of the last check ({@code CheckResult.names}) and the texts as they are now,
 * which may be newer and need not be right. Immutable; any thread.
 */
public final class RuleEditor {
    private final NameTable names;
    private final Map<String, SourceFile> files = new TreeMap<>();

    /**
     * @param names of the last check
     * @param files all files, as they are now
     */
    public RuleEditor(NameTable names, List<SourceFile> files) {
        this.names = names;
        files.forEach(each -> this.files.put(each.path(), each));
    }

    /** A stretch of a file. */
    public record Place(String file, Span span) {}

    /**
     * What is known about something, as Markdown.
     *
     * @param from offset where it begins
     * @param to offset behind it
     */
    public record Hover(String markdown, int from, int to) {}

    /** What can be written at the offset. */
    public Completion.Offer complete(String file, int offset) {
        String text = text(file);
        return Completer.complete(names, recipients(), text, clamp(text, offset));
    }

    /** What stands at the offset: a device, point, action or event, a unit, a declared name, a word of the language. */
    public Optional<Hover> hover(String file, int offset) {
        String text = text(file);
        return new Hoverer(names, text)
                .at(clamp(text, offset))
                .map(each -> new Hover(each.markdown(), each.from(), each.to()));
    }

    /** Where the name at the offset is declared; empty for a device of the house that no file expects. */
    public List<Place> definition(String file, int offset) {
        Occurrences.Named name = named(file, offset);
        if (name == null) {
            return List.of();
        } else if (name.local()) {
            return Occurrences.ofLocal(source(file), name).stream()
                    .limit(1)
                    .map(span -> new Place(file, span))
                    .toList();
        }
        return Occurrences.declarations(names, name.text()).stream()
                .map(each -> new Place(each.file(), each.decl().name().span()))
                .toList();
    }

    /** Everywhere the name at the offset stands, in all files. */
    public List<Place> references(String file, int offset) {
        Occurrences.Named name = named(file, offset);
        if (name == null) {
            return List.of();
        } else if (name.local()) {
            return Occurrences.ofLocal(source(file), name).stream()
                    .map(span -> new Place(file, span))
                    .toList();
        }
        List<Place> all = new ArrayList<>();
        for (SourceFile each : files.values()) {
            Occurrences.ofName(each, name.text()).forEach(span -> all.add(new Place(each.path(), span)));
        }
        return all;
    }

    /** The name at the offset if it can be renamed; a device of the running house is renamed there as well, or the rules lose it. */
    public Optional<Place> renamable(String file, int offset) {
        Occurrences.Named name = named(file, offset);
        return name == null
                ? Optional.empty()
                : Optional.of(new Place(file, new TextLines(text(file)).span(name.from(), name.to())));
    }

    /** Where a new name has to be written, and what exactly. */
    public record Renaming(List<Place> places, String written) {
        public Renaming {
            places = List.copyOf(places);
        }
    }

    /**
     * What changes if the name at the offset becomes another one.
     *
     * @throws IllegalArgumentException if it cannot: no name there, a new name that is taken, or one that can be none
     */
    public Renaming rename(String file, int offset, String to) {
        Occurrences.Named name = named(file, offset);
        if (name == null) {
            throw new IllegalArgumentException("there is no name here that can be changed");
        }
        if (name.local()) {
            if (!to.matches("[\\p{L}_][\\p{L}\\p{N}_]*")
                    || RulesLexerBase.keywords().contains(to)) {
                throw new IllegalArgumentException("'" + to + "' cannot be a name: letters, digits and _");
            }
            return new Renaming(references(file, offset), to);
        }
        Rename rename = new Rename(name.text(), to);
        boolean taken = names.model().named(rename.to()).isPresent()
                || !Occurrences.declarations(names, rename.to()).isEmpty();
        if (taken && !rename.to().equals(rename.from())) {
            throw new IllegalArgumentException("there is a " + rename.to() + " already");
        }
        return new Renaming(references(file, offset), rename.written());
    }

    /** The outline of a file. */
    public List<Symbol> symbols(String file) {
        return Symbol.of(source(file));
    }

    /** A text in the house's layout; see {@code fieldhouse format}. Needs no names. */
    public static String format(String text) {
        return Formatter.format(text);
    }

    private Occurrences.@Nullable Named named(String file, int offset) {
        String text = text(file);
        return Occurrences.at(text, clamp(text, offset)).orElse(null);
    }

    private SourceFile source(String file) {
        return files.getOrDefault(file, new SourceFile(file, ""));
    }

    private String text(String file) {
        return source(file).text();
    }

    private static int clamp(String text, int offset) {
        return Math.max(0, Math.min(offset, text.length()));
    }

    /** Whom a message can go to: groups, people, and whoever is named as one already. */
    private Map<String, Kind> recipients() {
        Map<String, Kind> all = new TreeMap<>();
        names.declarations().stream()
                .filter(each -> each.decl().kind().equals("group"))
                .forEach(each -> all.put(each.decl().key(), Kind.GROUP));
        for (DeviceInfo device : names.model().devices()) {
            if (device.description().type().equals("presence")) {
                all.put(device.name(), Kind.DEVICE);
            }
        }
        for (SourceFile file : files.values()) {
            boolean told = false;
            for (Lexeme each : Lexeme.of(file.text())) {
                boolean tells = each.type() == RulesLexer.NOTIFY || each.type() == RulesLexer.NOTIFIED;
                if (tells) {
                    told = true;
                } else if (told && each.isPath()) {
                    all.putIfAbsent(each.name(), Kind.RECIPIENT);
                } else if (each.type() != RulesLexer.COMMA) {
                    told = false;
                }
            }
        }
        return all;
    }
}
