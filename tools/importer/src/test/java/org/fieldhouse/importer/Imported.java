package org.fieldhouse.importer;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;

/** What a run of the importer gave. */
record Imported(int exit, String rules, String report) {
    static Imported run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new Main(new PrintWriter(out, true), new PrintWriter(err, true)).run(arguments);
        return new Imported(exit, out.toString(), err.toString());
    }

    /** Imports a text as a file of that name. */
    static Imported of(Path directory, String from, String name, String text, String... more) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        List<String> arguments = new ArrayList<>(List.of(from, file.toString()));
        arguments.addAll(Arrays.asList(more));
        return run(arguments.toArray(String[]::new));
    }

    /** What the checker and the tests beside the rules say. */
    List<String> findings(String... tests) {
        String text = rules + String.join("\n", tests) + "\n";
        return FullCheck.check(List.of(new SourceFile("imported.rules", text)), HouseModel.EMPTY).diagnostics().stream()
                .filter(Diagnostic::isError)
                .map(Diagnostic::render)
                .toList();
    }

    /** The names of what is live. */
    List<String> live() {
        return rules.lines()
                .filter(line -> line.startsWith("rule \""))
                .map(line -> line.substring(6, line.length() - 1))
                .toList();
    }
}
