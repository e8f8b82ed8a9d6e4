package org.fieldhouse.rules.editor;

import java.time.Duration;
import java.util.List;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.check.TestHouse;
import org.fieldhouse.rules.syntax.SourceFile;

/** A file that somebody is typing into; {@code |} is the caret. A second file declares a few things. */
record Typing(RuleEditor editor, String text, int at) {
    private static final HouseModel HOUSE = TestHouse.model()
            .withFunctions(List.of(FunctionSpec.action(
                    "speak", null, Duration.ofSeconds(5), new ArgumentSpec("text", ValueSpec.TEXT, true))));
    static final String FILE = "a.rules";
    private static final String OTHER =
            """
            group Windows = Kitchen.Window, Bath.Window
            variable Guests = off
            variable Target = 21 °C
            scene Evening Living.Lamp = on end
            alarm Leak priority high when Hall.Motion is on end
            expect Cellar.Leak: leak
            """;

    static Typing of(String typed) {
        String text = typed.replace("|", "");
        List<SourceFile> files = List.of(new SourceFile(FILE, text), new SourceFile("b.rules", OTHER));
        RuleEditor editor = new RuleEditor(RuleCompiler.check(files, HOUSE).names(), files);
        return new Typing(editor, text, typed.indexOf('|'));
    }

    /** The same inside a body. */
    static Typing inBody(String typed) {
        return of("rule \"r\"\n  when Hall.Button pressed\n  mode restart\ndo\n" + typed);
    }

    Completion.Offer offer() {
        return editor.complete(FILE, at);
    }

    List<String> labels() {
        return offer().items().stream().map(Completion::label).toList();
    }

    /** The labels that fit exactly. */
    List<String> best() {
        return offer().items().stream()
                .filter(each -> each.rank() == 0)
                .map(Completion::label)
                .toList();
    }

    /** The text after a choice. */
    String chosen(String label) {
        Completion item = offer().items().stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        return text.substring(0, item.from()) + item.insert() + text.substring(at);
    }
}
