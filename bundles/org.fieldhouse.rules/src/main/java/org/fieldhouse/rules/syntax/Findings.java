package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.fieldhouse.rules.syntax.ast.Span;

/** Collects the findings of one file, at most {@value #LIMIT}: nobody reads more, and garbage must not fill the memory. */
public final class Findings {
    /** Most findings kept of one file. */
    public static final int LIMIT = 200;

    private final SourceFile file;
    private final List<Diagnostic> found = new ArrayList<>();
    private int errors;
    private int told;

    public Findings(SourceFile file) {
        this.file = file;
    }

    /** The file they are about. */
    public SourceFile file() {
        return file;
    }

    /** Adds a finding with advice. The same finding at the same place counts once. */
    public void add(Code code, Span span, String message, String help) {
        add(code, span, message, help, List.of(), List.of());
    }

    /** Adds a finding about several places, with what happens if it is left so. */
    public void add(
            Code code, Span span, String message, String help, List<Diagnostic.Note> notes, List<String> story) {
        told++;
        errors += code.isError() ? 1 : 0;
        boolean known = found.stream()
                .anyMatch(d ->
                        d.code() == code && d.span().equals(span) && d.message().equals(message));
        if (!known && found.size() < LIMIT) {
            found.add(Diagnostic.of(code, file, span, message, help, notes, story));
        }
    }

    /** Counts an error that was reported elsewhere. */
    public void addReported() {
        told++;
        errors++;
    }

    /** Adds a finding that needs no advice. */
    public void add(Code code, Span span, String message) {
        add(code, span, message, "");
    }

    /** How many errors there were, those that were not kept included. */
    public int errors() {
        return errors;
    }

    /** How often something was added, whether it was kept or not. */
    public int told() {
        return told;
    }

    /** How many there are. */
    public int size() {
        return found.size();
    }

    /** Whether something was found in that line already. */
    boolean touches(int line) {
        return found.stream().anyMatch(d -> d.span().line() == line);
    }

    /** All of them, in the order of the text. */
    public List<Diagnostic> list() {
        List<Diagnostic> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt((Diagnostic d) -> d.span().line())
                .thenComparingInt(d -> d.span().column())
                .thenComparing(Diagnostic::code));
        return List.copyOf(sorted);
    }
}
