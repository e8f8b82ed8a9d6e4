package org.fieldhouse.rules.lsp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticRelatedInformation;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.services.LanguageClient;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/** Tells the editor what was found, file by file, and only of files of which something else was found than before. */
final class Publisher {
    private final Function<String, String> uris;
    private final Map<String, Told> told = new HashMap<>();
    private @Nullable LanguageClient client;

    /** What was said last of a file, and whether it was open then: an editor that opens a file wants to hear that it is clean. */
    private record Told(List<Diagnostic> list, boolean open) {}

    /** @param uris gives the URI of a file's path */
    Publisher(Function<String, String> uris) {
        this.uris = uris;
    }

    synchronized void connect(LanguageClient to) {
        client = to;
    }

    /** @param versions of the files that are open */
    synchronized void publish(
            List<SourceFile> files, List<org.fieldhouse.rules.syntax.Diagnostic> found, Map<String, Integer> versions) {
        Texts texts = new Texts(files);
        Map<String, List<Diagnostic>> now = new TreeMap<>();
        files.forEach(each -> now.put(each.path(), new ArrayList<>()));
        for (org.fieldhouse.rules.syntax.Diagnostic each : found) {
            now.computeIfAbsent(each.path(), path -> new ArrayList<>()).add(diagnostic(each, texts));
        }
        told.keySet().forEach(path -> now.putIfAbsent(path, List.of()));
        now.forEach((path, list) -> tell(path, list, versions.get(path)));
        told.keySet().removeIf(path -> !texts.has(path));
    }

    private void tell(String path, List<Diagnostic> list, @Nullable Integer version) {
        Told before = told.put(path, new Told(list, version != null));
        boolean known = before == null ? list.isEmpty() : before.list().equals(list);
        boolean opened = version != null && (before == null || !before.open());
        boolean news = !known || opened;
        if (news && client != null) {
            PublishDiagnosticsParams params = new PublishDiagnosticsParams(uris.apply(path), list);
            params.setVersion(version);
            client.publishDiagnostics(params);
        }
    }

    private Diagnostic diagnostic(org.fieldhouse.rules.syntax.Diagnostic found, Texts texts) {
        StringBuilder message = new StringBuilder(found.message());
        if (!found.help().isEmpty()) {
            message.append(": ").append(found.help());
        }
        for (int i = 0; i < found.story().size(); i++) {
            message.append("\n").append(i + 1).append(". ").append(found.story().get(i));
        }
        Diagnostic all = new Diagnostic(
                texts.range(found.path(), found.span()),
                message.toString(),
                found.isError() ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                "fieldhouse",
                found.code().name());
        List<DiagnosticRelatedInformation> notes = new ArrayList<>();
        found.notes()
                .forEach(note -> notes.add(new DiagnosticRelatedInformation(
                        new Location(uris.apply(note.path()), texts.range(note.path(), note.span())), note.text())));
        if (!notes.isEmpty()) {
            all.setRelatedInformation(notes);
        }
        return all;
    }

    /** The texts that were checked; their lines are counted only where something was found. */
    private static final class Texts {
        private final Map<String, SourceFile> files = new HashMap<>();
        private final Map<String, Positions> positions = new HashMap<>();

        Texts(List<SourceFile> files) {
            files.forEach(each -> this.files.put(each.path(), each));
        }

        boolean has(String path) {
            return files.containsKey(path);
        }

        Range range(String path, Span span) {
            return positions
                    .computeIfAbsent(path, each -> {
                        SourceFile file = files.get(each);
                        return new Positions(file == null ? "" : file.text());
                    })
                    .at(span);
        }
    }
}
