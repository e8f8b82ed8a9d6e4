package org.fieldhouse.rules.lsp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.SymbolKind;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentPositionParams;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.fieldhouse.rules.editor.Completion;
import org.fieldhouse.rules.editor.RuleEditor;
import org.fieldhouse.rules.editor.Symbol;
import org.jspecify.annotations.Nullable;

/** What is asked about one document. */
final class RuleTextService implements TextDocumentService {
    private final Workspace workspace;

    RuleTextService(Workspace workspace) {
        this.workspace = workspace;
    }

    // ---- the text
    // -----------------------------------------------------------------------------------------------------

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        workspace.put(
                params.getTextDocument().getUri(),
                params.getTextDocument().getText(),
                params.getTextDocument().getVersion());
        workspace.runTests();
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        String text = workspace.text(uri);
        for (TextDocumentContentChangeEvent change : params.getContentChanges()) {
            Range range = change.getRange();
            if (range == null) {
                text = change.getText();
            } else {
                Positions at = new Positions(text);
                int from = at.offset(range.getStart());
                int to = Math.max(from, at.offset(range.getEnd()));
                text = text.substring(0, from) + change.getText() + text.substring(to);
            }
        }
        Integer version = params.getTextDocument().getVersion();
        workspace.put(uri, text, version == null ? 0 : version);
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        workspace.forget(params.getTextDocument().getUri());
    }

    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        workspace.runTests();
    }

    // ---- questions
    // ----------------------------------------------------------------------------------------------------

    /** A place in a document, as the checker knows it. */
    private record Where(String file, int offset, Positions positions) {}

    private Where where(TextDocumentPositionParams params) {
        String uri = params.getTextDocument().getUri();
        Positions positions = new Positions(workspace.text(uri));
        return new Where(workspace.name(uri), positions.offset(params.getPosition()), positions);
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        Where at = where(params);
        return workspace.quickly(editor -> {
            Completion.Offer offer = editor.complete(at.file(), at.offset());
            List<CompletionItem> items = new ArrayList<>();
            for (Completion each : offer.items()) {
                items.add(item(each, at, items.size()));
            }
            return Either.forRight(new CompletionList(offer.incomplete(), items));
        });
    }

    private static CompletionItem item(Completion completion, Where at, int index) {
        CompletionItem item = new CompletionItem(completion.label());
        item.setKind(kind(completion.kind()));
        if (!completion.detail().isEmpty()) {
            item.setDetail(completion.detail());
        }
        if (!completion.documentation().isEmpty()) {
            item.setDocumentation(new MarkupContent(MarkupKind.MARKDOWN, completion.documentation()));
        }
        item.setSortText(String.format(Locale.ROOT, "%d%04d", completion.rank(), index));
        item.setTextEdit(Either.forLeft(
                new TextEdit(at.positions().range(completion.from(), at.offset()), completion.insert())));
        // What is typed already is compared with what will be written.
        item.setFilterText(completion.insert());
        return item;
    }

    private static CompletionItemKind kind(Completion.Kind kind) {
        return switch (kind) {
            case DEVICE -> CompletionItemKind.Class;
            case POINT, OPTION -> CompletionItemKind.Property;
            case ACTION -> CompletionItemKind.Method;
            case EVENT -> CompletionItemKind.Event;
            case VARIABLE, COUNTER, LOCAL -> CompletionItemKind.Variable;
            case GROUP, SCENE, ALARM -> CompletionItemKind.Module;
            case RECIPIENT -> CompletionItemKind.Reference;
            case FUNCTION -> CompletionItemKind.Function;
            case UNIT -> CompletionItemKind.Unit;
            case VALUE -> CompletionItemKind.EnumMember;
            case KEYWORD -> CompletionItemKind.Keyword;
        };
    }

    @Override
    public CompletableFuture<@Nullable Hover> hover(HoverParams params) {
        Where at = where(params);
        return workspace.quickly(editor -> editor.hover(at.file(), at.offset())
                .map(each -> new Hover(
                        new MarkupContent(MarkupKind.MARKDOWN, each.markdown()),
                        at.positions().range(each.from(), each.to())))
                .orElse(null));
    }

    @Override
    public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>> definition(
            DefinitionParams params) {
        Where at = where(params);
        return workspace.exactly(editor -> Either.forLeft(locations(editor.definition(at.file(), at.offset()))));
    }

    @Override
    public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
        Where at = where(params);
        return workspace.exactly(editor -> {
            List<RuleEditor.Place> all = new ArrayList<>(editor.references(at.file(), at.offset()));
            if (!params.getContext().isIncludeDeclaration()) {
                all.removeAll(editor.definition(at.file(), at.offset()));
            }
            return locations(all);
        });
    }

    private List<Location> locations(List<RuleEditor.Place> places) {
        return places.stream()
                .map(each -> new Location(workspace.uri(each.file()), range(each)))
                .toList();
    }

    private Range range(RuleEditor.Place place) {
        return new Positions(workspace.text(workspace.uri(place.file()))).at(place.span());
    }

    @Override
    public CompletableFuture<@Nullable Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>> prepareRename(
            PrepareRenameParams params) {
        Where at = where(params);
        return workspace.exactly(editor -> editor.renamable(at.file(), at.offset())
                .map(each -> Either3.<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>forFirst(range(each)))
                .orElse(null));
    }

    @Override
    public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
        Where at = where(params);
        return workspace.exactly(editor -> {
            RuleEditor.Renaming renaming;
            try {
                renaming = editor.rename(at.file(), at.offset(), params.getNewName());
            } catch (IllegalArgumentException e) {
                throw new ResponseErrorException(
                        new ResponseError(ResponseErrorCode.RequestFailed, e.getMessage(), null));
            }
            Map<String, List<TextEdit>> edits = new LinkedHashMap<>();
            for (RuleEditor.Place each : renaming.places()) {
                edits.computeIfAbsent(workspace.uri(each.file()), uri -> new ArrayList<>())
                        .add(new TextEdit(range(each), renaming.written()));
            }
            return new WorkspaceEdit(edits);
        });
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        String uri = params.getTextDocument().getUri();
        Positions positions = new Positions(workspace.text(uri));
        return workspace.quickly(editor -> editor.symbols(workspace.name(uri)).stream()
                .map(each -> Either.<SymbolInformation, DocumentSymbol>forRight(symbol(each, positions)))
                .toList());
    }

    private static DocumentSymbol symbol(Symbol symbol, Positions positions) {
        DocumentSymbol all = new DocumentSymbol(
                symbol.name(),
                kind(symbol.kind()),
                positions.range(symbol.place().start(), symbol.place().end()),
                positions.range(symbol.nameAt().start(), symbol.nameAt().end()),
                symbol.kind());
        all.setChildren(
                symbol.inside().stream().map(each -> symbol(each, positions)).toList());
        return all;
    }

    /** The nearest of the protocol's kinds, which are those of programming languages. */
    static SymbolKind kind(String declaration) {
        return switch (declaration) {
            case "rule", "while" -> SymbolKind.Event;
            case "control", "sequence" -> SymbolKind.Function;
            case "variable", "counter" -> SymbolKind.Variable;
            case "group" -> SymbolKind.Array;
            case "test" -> SymbolKind.Method;
            case "expect" -> SymbolKind.Interface;
            case "step" -> SymbolKind.Field;
            default -> SymbolKind.Object;
        };
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        String text = workspace.text(params.getTextDocument().getUri());
        Positions positions = new Positions(text);
        return workspace.quickly(editor -> {
            String formatted = RuleEditor.format(text);
            return formatted.equals(text)
                    ? List.of()
                    : List.of(new TextEdit(positions.range(0, text.length()), formatted));
        });
    }
}
