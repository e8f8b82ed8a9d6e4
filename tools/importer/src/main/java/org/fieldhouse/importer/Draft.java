package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A declaration on its way. As soon as one part of it cannot be translated all of it becomes a comment, so that nothing runs that
 * does something else than the original.
 */
final class Draft {
    /** Where it comes from. */
    record Origin(String file, int line, List<String> text) {}

    final Origin origin;
    final String name;
    private final String opening;
    private final List<String> heads = new ArrayList<>();
    private final List<String> body = new ArrayList<>();
    private final Set<Remark> problems = new LinkedHashSet<>();
    private final Set<Remark> notes = new LinkedHashSet<>();
    private final Set<Thing> uses = new LinkedHashSet<>();
    private int depth = 1;
    private boolean waits;

    /** @param opening the first line, such as {@code rule "Name"} */
    Draft(Origin origin, String name, String opening) {
        this.origin = origin;
        this.name = name;
        this.opening = opening;
    }

    static Draft rule(Origin origin, String name) {
        return new Draft(origin, name, "rule " + Text.quoted(name));
    }

    void head(String line) {
        if (!heads.contains("  " + line)) {
            heads.add("  " + line);
        }
    }

    /** A line of the body at the present depth. */
    void line(String text) {
        body.add("  ".repeat(depth) + text);
    }

    /** Opens a block. */
    void open(String text) {
        line(text);
        depth++;
    }

    /** Ends a branch of a block and begins the next. */
    void next(String text) {
        depth--;
        open(text);
    }

    void close() {
        depth--;
        line("end");
    }

    void waits() {
        waits = true;
    }

    boolean isWaiting() {
        return waits;
    }

    boolean isEmpty() {
        return body.isEmpty();
    }

    /** Whether a line of the body begins like that. */
    boolean says(String beginning) {
        return body.stream().anyMatch(line -> line.strip().startsWith(beginning));
    }

    void uses(Thing thing) {
        uses.add(thing);
    }

    Set<Thing> things() {
        return uses;
    }

    /** Says that something cannot be translated; what it returns stands in its place. */
    String cannot(int line, String why) {
        problems.add(new Remark(origin.file(), line, why));
        return "<" + origin.file() + ":" + line + ">";
    }

    /** The same as a line of its own in the body. */
    void cannotLine(int line, String why) {
        cannot(line, why);
        line("# " + origin.file() + ":" + line + ": " + why);
    }

    /** Says what a reader should know about a translation that is right. */
    void note(int line, String text) {
        notes.add(new Remark(origin.file(), line, text));
    }

    boolean isLive() {
        return problems.isEmpty();
    }

    List<Remark> problems() {
        return List.copyOf(problems);
    }

    List<Remark> notes() {
        return List.copyOf(notes);
    }

    /** Its lines: the original, what there is to say, and the declaration itself, as a comment unless it is live. */
    List<String> render() {
        List<String> out = new ArrayList<>();
        if (!origin.text().isEmpty()) {
            out.add("# " + origin.file() + ":" + origin.line());
            origin.text().forEach(each -> out.add(("#   " + clean(each)).stripTrailing()));
        }
        problems.forEach(each -> out.add("# not translated: " + clean(each.toString())));
        notes.forEach(each -> out.add("# note: " + clean(each.toString())));
        String prefix = isLive() ? "" : "# ";
        declaration().forEach(each -> out.add((prefix + clean(each)).stripTrailing()));
        return out;
    }

    private List<String> declaration() {
        List<String> out = new ArrayList<>();
        out.add(opening);
        out.addAll(heads);
        if (opening.startsWith("rule ")) {
            out.add("do");
        }
        out.addAll(chained(body));
        out.add("end");
        return out;
    }

    /**
     * "else" and "if" are one word of the language, whatever is between them: an else that is nothing but an if becomes one, and any
     * other that begins with an if gets a block around it.
     */
    private static List<String> chained(List<String> body) {
        List<String> out = new ArrayList<>(body);
        for (int i = 0; i + 1 < out.size(); i++) {
            String margin = out.get(i).replaceFirst("else$", "");
            if (!out.get(i).strip().equals("else") || !out.get(i + 1).startsWith(margin + "  if ")) {
                continue;
            }
            int inner = end(out, i + 2, margin + "  end");
            int outer = end(out, i + 1, margin + "end");
            if (inner + 1 == outer) {
                out.set(i, margin + "else " + out.get(i + 1).strip());
                for (int j = i + 2; j < inner; j++) {
                    out.set(j, out.get(j).substring(2));
                }
                out.remove(inner);
                out.remove(i + 1);
                i--;
            } else {
                for (int j = i + 1; j < outer; j++) {
                    out.set(j, "  " + out.get(j));
                }
                out.add(outer, margin + "  end");
                out.add(i + 1, margin + "  repeat 1 times");
            }
        }
        return out;
    }

    private static int end(List<String> lines, int from, String end) {
        int i = from;
        while (i < lines.size() && !lines.get(i).equals(end)) {
            i++;
        }
        return i;
    }

    /** A line stays one line, whatever the original holds. */
    private static String clean(String line) {
        return line.replaceAll("[\\p{Cntrl}&&[^\\t]]", " ");
    }
}
