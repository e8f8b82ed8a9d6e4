package org.fieldhouse.rules.lsp;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.WorkspaceSymbol;
import org.eclipse.lsp4j.WorkspaceSymbolParams;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.WorkspaceService;

/** What is asked about all documents. */
final class RuleWorkspaceService implements WorkspaceService {
    /** More than this is not listed: the editor asks again with more letters. */
    private static final int MAX_SYMBOLS = 200;

    private final Workspace workspace;

    RuleWorkspaceService(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public CompletableFuture<Either<List<? extends SymbolInformation>, List<? extends WorkspaceSymbol>>> symbol(
            WorkspaceSymbolParams params) {
        String wanted = params.getQuery().toLowerCase(Locale.ROOT);
        return workspace.exactly(editor -> RuleLanguageServer.right(workspace.declarations().stream()
                .filter(each -> each.decl().key().toLowerCase(Locale.ROOT).contains(wanted))
                .limit(MAX_SYMBOLS)
                .map(each -> {
                    String uri = workspace.uri(each.file());
                    Location at = new Location(
                            uri,
                            new Positions(workspace.text(uri))
                                    .at(each.decl().name().span()));
                    return new WorkspaceSymbol(
                            each.decl().key(),
                            RuleTextService.kind(each.decl().kind()),
                            Either.forLeft(at),
                            each.decl().kind());
                })
                .toList()));
    }

    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {
        // There is nothing to configure.
    }

    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        workspace.look();
    }
}
