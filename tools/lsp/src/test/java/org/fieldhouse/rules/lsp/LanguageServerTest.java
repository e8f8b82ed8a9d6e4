package org.fieldhouse.rules.lsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FormattingOptions;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceContext;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.WorkspaceSymbolParams;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as editors meet it: a process, its two streams, and lsp4j's client at their other end. */
class LanguageServerTest {
    private static final String RULE =
            """
            rule "r"
              when Hall.Motion turns on
            do
              set Guests = on
              turn on Hall.Light with brightness 60 %
            end
            """;

    @TempDir
    Path home;

    private Editor editor;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(home.resolve("rules/names.rules"), "variable Guests = off\n");
        Files.writeString(home.resolve("rules/a.rules"), RULE);
        Files.copy(Path.of("../../examples/demo/model.json"), home.resolve("model.json"));
        editor = new Editor(home);
    }

    @AfterEach
    void stop() throws Exception {
        editor.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    private TextDocumentService texts() {
        return editor.server.getTextDocumentService();
    }

    private TextDocumentIdentifier open(String text) {
        return editor.open(home.resolve("rules/a.rules"), text);
    }

    private static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void finds_errors_while_they_are_typed_and_forgets_them() {
        TextDocumentIdentifier file = open(RULE);
        soon().until(() -> List.of().equals(editor.found(file.getUri())));
        Position end = Editor.position(RULE, "Light with", 5);
        editor.change(file, new Range(Editor.position(RULE, "Light with", 0), end), "Lihgt");
        soon().until(() -> List.of("E101 5").equals(editor.found(file.getUri())));
        assertThat(editor.diagnostics(file.getUri())).singleElement().satisfies(each -> {
            assertThat(each.getMessage().getLeft()).contains("did you mean Hall.Light?");
            assertThat(each.getRange().getStart()).isEqualTo(Editor.position(RULE, "Hall.Light", 0));
        });
        editor.change(file, new Range(Editor.position(RULE, "Light with", 0), end), "Light");
        soon().until(() -> List.of().equals(editor.found(file.getUri())));
    }

    @Test
    void checks_all_files_together() {
        TextDocumentIdentifier names = editor.open(home.resolve("rules/names.rules"), "variable Gusts = off\n");
        String rule = home.resolve("rules/a.rules").toUri().toString();
        soon().until(() -> List.of("E101 4").equals(editor.found(rule)));
        editor.change(names, null, "variable Guests = off\n");
        soon().until(() -> List.of().equals(editor.found(rule)));
    }

    @Test
    void completes_in_text_that_does_not_parse() throws Exception {
        TextDocumentIdentifier file = open(RULE);
        String typed = RULE + "\nrule \"next\"\n  when Hall.Motion.illuminance becomes < 20 ";
        editor.change(file, null, typed);
        assertThat(labels(file, typed)).startsWith("lx").doesNotContain("°C");
        String names = typed + "lx\ndo\n  activate\n  turn on Hall.L";
        editor.change(file, null, names);
        CompletionItem light = items(file, names).stream()
                .filter(each -> each.getLabel().equals("Hall.Light"))
                .findFirst()
                .orElseThrow();
        assertThat(light.getTextEdit().getLeft().getRange().getStart().getCharacter())
                .isEqualTo(10);
        assertThat(light.getDocumentation().getRight().getValue()).contains("brightness");
    }

    private List<CompletionItem> items(TextDocumentIdentifier file, String text) throws Exception {
        Position end = Editor.position(text, text, text.length());
        Either<List<CompletionItem>, CompletionList> answer = get(texts().completion(new CompletionParams(file, end)));
        return answer.getRight().getItems();
    }

    private List<String> labels(TextDocumentIdentifier file, String text) throws Exception {
        return items(file, text).stream().map(CompletionItem::getLabel).toList();
    }

    @Test
    void hovers_and_leads_to_declarations_and_uses() throws Exception {
        TextDocumentIdentifier file = open(RULE);
        Hover hover = get(texts().hover(new HoverParams(file, Editor.position(RULE, "brightness", 2))));
        assertThat(hover).isNull();
        hover = get(texts().hover(new HoverParams(file, Editor.position(RULE, "Hall.Light", 2))));
        assertThat(hover.getContents().getRight().getValue()).contains("**Hall.Light**", "0 to 100 %");
        Position guests = Editor.position(RULE, "Guests", 1);
        String names = home.resolve("rules/names.rules").toUri().toString();
        assertThat(get(texts().definition(new DefinitionParams(file, guests))).getLeft())
                .extracting(Location::getUri)
                .satisfiesExactly(uri -> assertThat(uri.toString()).isEqualTo(names));
        assertThat(get(texts().references(new ReferenceParams(file, guests, new ReferenceContext(true)))))
                .hasSize(2);
        assertThat(get(texts().references(new ReferenceParams(file, guests, new ReferenceContext(false)))))
                .hasSize(1);
    }

    @Test
    void renames_across_files_and_says_why_not() throws Exception {
        TextDocumentIdentifier file = open(RULE);
        Position guests = Editor.position(RULE, "Guests", 1);
        WorkspaceEdit edit = get(texts().rename(new RenameParams(file, guests, "Visitors")));
        assertThat(edit.getChanges()).hasSize(2);
        assertThat(edit.getChanges().get(file.getUri()))
                .containsExactly(new TextEdit(
                        new Range(Editor.position(RULE, "Guests", 0), Editor.position(RULE, "Guests", 6)), "Visitors"));
        assertThatThrownBy(() -> get(texts().rename(new RenameParams(file, guests, "Hall.Light"))))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ResponseErrorException.class)
                .hasMessageContaining("there is a Hall.Light already");
    }

    @Test
    void formats_and_outlines() throws Exception {
        TextDocumentIdentifier file = open("variable   A=on\nrule \"b\" when");
        List<? extends TextEdit> edits =
                get(texts().formatting(new DocumentFormattingParams(file, new FormattingOptions(2, true))));
        assertThat(edits).singleElement().satisfies(each -> assertThat(each.getNewText())
                .isEqualTo("variable A = on\n\nrule \"b\" when\n"));
        assertThat(get(texts().documentSymbol(new DocumentSymbolParams(file))))
                .extracting(each -> each.getRight().getName())
                .containsExactly("A", "b");
        assertThat(get(editor.server.getWorkspaceService().symbol(new WorkspaceSymbolParams("gue")))
                        .getRight())
                .singleElement()
                .satisfies(each -> assertThat(each.getName()).isEqualTo("Guests"));
    }

    @Test
    void runs_the_tests_when_a_file_is_saved() {
        String wrong = RULE + "\ntest \"t\"\n  at 0 s Hall.Motion = on\n  expect at 1 s Guests is off\nend\n";
        TextDocumentIdentifier file = open(RULE);
        soon().until(() -> List.of().equals(editor.found(file.getUri())));
        editor.change(file, null, wrong);
        texts().didSave(new DidSaveTextDocumentParams(file));
        soon().until(() -> List.of("E601 10").equals(editor.found(file.getUri())));
    }

    /** Without them a test about a day off would fail here and pass in the house. */
    @Test
    void knows_the_calendars_of_days_off() throws Exception {
        Path calendar = home.resolve("rules/school.ics");
        Files.writeString(calendar, CALENDAR);
        String text = RULE
                + """

                variable Late = off
                rule "off" when at 09:00 each holiday do set Late = on end
                test "a day off"
                  given date 2026-06-17
                  expect at 8 h 59 min Late is off
                  expect at 9 h 1 min Late is on
                end
                """;
        Files.writeString(home.resolve("rules/a.rules"), text);
        TextDocumentIdentifier file = open(text);
        soon().until(() -> {
            texts().didSave(new DidSaveTextDocumentParams(file));
            return List.of().equals(editor.found(file.getUri()));
        });
        Files.writeString(calendar, CALENDAR.replace("20260617", "20260619"));
        soon().until(() -> {
            texts().didSave(new DidSaveTextDocumentParams(file));
            return List.of("E601 13").equals(editor.found(file.getUri()));
        });
        Files.writeString(calendar, "nonsense");
        soon().until(() ->
                List.of("E011 1").equals(editor.found(calendar.toUri().toString())));
    }

    private static final String CALENDAR =
            """
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            SUMMARY:Guests
            DTSTART;VALUE=DATE:20260617
            END:VEVENT
            END:VCALENDAR
            """;

    @Test
    void sees_a_new_snapshot_and_files_that_others_change() throws Exception {
        String rule = home.resolve("rules/a.rules").toUri().toString();
        soon().until(() -> editor.log.isEmpty());
        String model = Files.readString(home.resolve("model.json"));
        Files.writeString(home.resolve("model.json"), model.replace("\"Hall.Light\"", "\"Hall.Bulb\""));
        soon().until(() -> List.of("E101 5").equals(editor.found(rule)));
        Files.writeString(home.resolve("rules/a.rules"), RULE.replace("Hall.Light", "Hall.Bulb"));
        soon().until(() -> List.of().equals(editor.found(rule)));
        Files.writeString(home.resolve("model.json"), "{ half");
        soon().until(() -> editor.log.stream().anyMatch(each -> each.contains("model.json")));
        assertThat(editor.found(rule)).isEmpty();
    }

    @Test
    void a_burst_of_questions_is_answered_or_refused_and_some_are_withdrawn() throws Exception {
        TextDocumentIdentifier file = open(RULE);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(texts().completion(new CompletionParams(file, new Position(1, 7))));
            if (i % 3 == 0) {
                all.get(i).cancel(true);
            }
        }
        soon().until(() -> all.stream().allMatch(CompletableFuture::isDone));
        assertThat(all).anyMatch(each -> !each.isCompletedExceptionally());
        assertThat(items(file, RULE)).isNotEmpty();
    }

    @Test
    void ends_as_the_protocol_says() throws Exception {
        editor.server.shutdown().get(30, TimeUnit.SECONDS);
        editor.server.exit();
        assertThat(editor.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(editor.process.exitValue()).isZero();
    }

    @Test
    void ends_when_the_editor_is_gone() throws Exception {
        editor.process.getOutputStream().close();
        assertThat(editor.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(editor.process.exitValue()).isEqualTo(1);
    }
}
