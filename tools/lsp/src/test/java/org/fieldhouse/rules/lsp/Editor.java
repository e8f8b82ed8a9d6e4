package org.fieldhouse.rules.lsp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.jspecify.annotations.Nullable;

/** An editor without a screen: starts the server as a process of its own and speaks to it over its standard streams. */
final class Editor implements LanguageClient, AutoCloseable {
    private final Map<String, List<Diagnostic>> diagnostics = new ConcurrentHashMap<>();
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final Process process;
    final LanguageServer server;
    final InitializeResult said;
    private int version;

    Editor(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.fieldhouse.rules.lsp.Main"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Launcher<LanguageServer> launcher =
                LSPLauncher.createClientLauncher(this, process.getInputStream(), process.getOutputStream());
        server = launcher.getRemoteProxy();
        launcher.startListening();
        InitializeParams params = new InitializeParams();
        params.setCapabilities(new ClientCapabilities());
        params.setWorkspaceFolders(List.of(new WorkspaceFolder(folder.toUri().toString(), "rules")));
        said = server.initialize(params).get(60, TimeUnit.SECONDS);
        server.initialized(new InitializedParams());
    }

    TextDocumentIdentifier open(Path file, String text) {
        String uri = file.toUri().toString();
        server.getTextDocumentService()
                .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "fieldhouse-rules", ++version, text)));
        return new TextDocumentIdentifier(uri);
    }

    void change(TextDocumentIdentifier document, @Nullable Range range, String text) {
        TextDocumentContentChangeEvent change = range == null
                ? new TextDocumentContentChangeEvent(text)
                : new TextDocumentContentChangeEvent(range, text);
        server.getTextDocumentService()
                .didChange(new DidChangeTextDocumentParams(
                        new VersionedTextDocumentIdentifier(document.getUri(), ++version), List.of(change)));
    }

    /** What was said last about a file: code and line from 1; null if nothing was. */
    @Nullable
    List<String> found(String uri) {
        List<Diagnostic> all = diagnostics.get(uri);
        return all == null
                ? null
                : all.stream()
                        .map(each -> each.getCode().getLeft() + " "
                                + (each.getRange().getStart().getLine() + 1))
                        .toList();
    }

    @Nullable
    List<Diagnostic> diagnostics(String uri) {
        return diagnostics.get(uri);
    }

    static Position position(String text, String before, int shift) {
        int at = text.indexOf(before) + shift;
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
        return new Position(line, at - text.lastIndexOf('\n', at - 1) - 1);
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams params) {
        diagnostics.put(params.getUri(), params.getDiagnostics());
    }

    @Override
    public void logMessage(MessageParams message) {
        log.add(message.getMessage());
    }

    @Override
    public void showMessage(MessageParams message) {
        log.add(message.getMessage());
    }

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams params) {
        return CompletableFuture.completedFuture(new MessageActionItem(""));
    }

    @Override
    public void telemetryEvent(Object object) {
        throw new IllegalStateException("the server sends none");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
    }
}
