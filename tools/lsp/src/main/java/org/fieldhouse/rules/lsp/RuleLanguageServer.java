package org.fieldhouse.rules.lsp;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.SaveOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;
import org.jspecify.annotations.Nullable;

/** Answers an editor. Messages come in on the thread that reads; what takes time is done by the {@link Workspace}'s threads. */
final class RuleLanguageServer implements LanguageServer, AutoCloseable {
    private final @Nullable Path directory;
    private final Workspace workspace;
    private final RuleTextService texts;
    private final RuleWorkspaceService whole;
    private volatile Runnable exit = () -> {};
    private volatile boolean shutDown;

    RuleLanguageServer(@Nullable Path directory, @Nullable Path model) {
        this.directory = directory;
        this.workspace = new Workspace(model);
        this.texts = new RuleTextService(workspace);
        this.whole = new RuleWorkspaceService(workspace);
    }

    void connect(LanguageClient client) {
        workspace.connect(client);
    }

    void onExit(Runnable action) {
        exit = action;
    }

    boolean isShutDown() {
        return shutDown;
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        workspace.open(root(params));
        TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
        sync.setOpenClose(true);
        sync.setChange(TextDocumentSyncKind.Incremental);
        sync.setSave(new SaveOptions(false));
        ServerCapabilities can = new ServerCapabilities();
        can.setTextDocumentSync(sync);
        can.setCompletionProvider(new CompletionOptions(false, List.of(".", " ", "`")));
        can.setHoverProvider(true);
        can.setDefinitionProvider(true);
        can.setReferencesProvider(true);
        can.setRenameProvider(new RenameOptions(true));
        can.setDocumentSymbolProvider(true);
        can.setWorkspaceSymbolProvider(true);
        can.setDocumentFormattingProvider(true);
        return CompletableFuture.completedFuture(new InitializeResult(can, new ServerInfo("fieldhouse")));
    }

    @SuppressWarnings("deprecation") // rootUri is all that older clients send.
    private Path root(InitializeParams params) {
        if (directory != null) {
            return directory;
        }
        List<WorkspaceFolder> folders = params.getWorkspaceFolders();
        String uri = folders != null && !folders.isEmpty() ? folders.get(0).getUri() : params.getRootUri();
        Path path = uri == null ? null : Workspace.path(uri);
        return path == null ? Path.of("") : path;
    }

    @Override
    public void initialized(InitializedParams params) {
        workspace.checkSoon();
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        return CompletableFuture.completedFuture(new Object());
    }

    @Override
    public void exit() {
        exit.run();
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return texts;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return whole;
    }

    @Override
    public void close() {
        workspace.close();
    }

    /** For the services: one of two forms of an answer. */
    static <L, R> Either<L, R> right(R value) {
        return Either.forRight(value);
    }
}
