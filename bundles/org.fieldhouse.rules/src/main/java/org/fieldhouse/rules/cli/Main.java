package org.fieldhouse.rules.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code check DIR [--model snapshot.json] [--json]}: checks the {@code *.rules} files below a directory, or those of a home
 * directory (which has them in {@code rules/}).
 *
 * <p>Exit codes: 0 no error, 1 errors were found, 64 wrong use, 66 a file cannot be read (as in sysexits.h).
 */
public final class Main {
    private static final int EX_USAGE = 64;
    private static final int EX_NOINPUT = 66;
    private static final String USAGE = "usage: check DIR [--model snapshot.json] [--json]";

    private final PrintWriter out;
    private final PrintWriter err;

    Main(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        int status = new Main(out, err).run(args);
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** What the arguments ask for. */
    private record Options(Path directory, @Nullable Path model, boolean json) {}

    int run(String... args) {
        Options options = options(args);
        if (options == null) {
            err.println(USAGE);
            return EX_USAGE;
        }
        if (!Files.isDirectory(options.directory())) {
            err.println("no directory " + options.directory());
            return EX_NOINPUT;
        }
        try {
            return check(options);
        } catch (IOException | UncheckedIOException e) {
            err.println(e.getMessage());
            return EX_NOINPUT;
        }
    }

    private static @Nullable Options options(String... args) {
        Path directory = null;
        Path model = null;
        boolean json = false;
        for (int i = args.length > 0 && args[0].equals("check") ? 1 : 0; i < args.length; i++) {
            if (args[i].equals("--json")) {
                json = true;
            } else if (args[i].equals("--model") && i + 1 < args.length) {
                model = Path.of(args[++i]);
            } else if (directory == null && !args[i].startsWith("--")) {
                directory = Path.of(args[i]);
            } else {
                return null;
            }
        }
        return directory == null ? null : new Options(directory, model, json);
    }

    private int check(Options options) throws IOException {
        List<SourceFile> files = files(options.directory());
        Path snapshot = snapshot(options);
        HouseModel house = HouseModel.EMPTY;
        if (snapshot == null) {
            err.println("no snapshot of the house (--model): only devices that the files expect are known");
        } else {
            house = model(snapshot);
        }
        CheckResult result = RuleCompiler.check(files, house);
        if (options.json()) {
            json(result);
        } else {
            result.diagnostics().forEach(each -> out.println(each.render()));
            out.println(summary(files, result));
        }
        return result.isClean() ? 0 : 1;
    }

    private static String summary(List<SourceFile> files, CheckResult result) {
        long errors = result.diagnostics().stream().filter(Diagnostic::isError).count();
        long warnings = result.diagnostics().size() - errors;
        return counted(files.size(), "file") + ", "
                + counted(result.program().declarations().size(), "declaration") + " in order, "
                + counted(errors, "error") + ", " + counted(warnings, "warning");
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** The rule files below the directory, sorted, with their path relative to it. */
    private static List<SourceFile> files(Path directory) throws IOException {
        Path rules = Files.isDirectory(directory.resolve("rules")) ? directory.resolve("rules") : directory;
        List<Path> paths;
        try (Stream<Path> all = Files.walk(rules)) {
            paths = all.filter(each -> each.toString().endsWith(".rules") && Files.isRegularFile(each))
                    .sorted()
                    .toList();
        }
        List<SourceFile> files = new ArrayList<>();
        for (Path path : paths) {
            String name = directory.relativize(path).toString().replace('\\', '/');
            try {
                files.add(new SourceFile(name, Files.readString(path)));
            } catch (CharacterCodingException e) {
                throw new IOException(name + ": not UTF-8 text", e);
            }
        }
        return files;
    }

    private static @Nullable Path snapshot(Options options) {
        if (options.model() != null) {
            return options.model();
        }
        Path beside = options.directory().resolve("model.json");
        return Files.isRegularFile(beside) ? beside : null;
    }

    private static HouseModel model(Path path) throws IOException {
        try (Reader reader = Files.newBufferedReader(path)) {
            return ModelSnapshot.read(reader);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** An array of findings, one object each; the array is written even when it is empty. */
    private void json(CheckResult result) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartArray();
            for (Diagnostic each : result.diagnostics()) {
                json.writeStartObject();
                json.writeStringField("file", each.path());
                json.writeNumberField("line", each.span().line());
                json.writeNumberField("column", each.span().column());
                json.writeNumberField("length", each.span().end() - each.span().start());
                json.writeStringField("code", each.code().name());
                json.writeStringField("severity", each.isError() ? "error" : "warning");
                json.writeStringField("message", each.message());
                json.writeStringField("help", each.help());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        out.println();
    }
}
