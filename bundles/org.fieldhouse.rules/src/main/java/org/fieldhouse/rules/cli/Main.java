package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.rules.TestReport.Reached;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code check DIR [--model snapshot.json] [--json | --sarif] [--coverage]}: checks the {@code *.rules} files below a directory, or those of a
 * home directory (which has them in {@code rules/}), and runs their tests; of a home directory also {@code devices/*.yaml}, as far as that
 * can be without bindings. {@code rename …}: see {@link RenameCommand};
 * {@code format …}: see {@link FormatCommand}.
 *
 * <p>Exit codes: 0 no error, 1 errors were found, 64 wrong use, 66 a file cannot be read (as in sysexits.h).
 */
public final class Main {
    static final int EX_USAGE = 64;
    static final int EX_NOINPUT = 66;
    private static final String USAGE = "usage: check DIR [--model snapshot.json] [--json | --sarif] [--coverage]\n"
            + "       rename DIR OLD NEW [--model snapshot.json] [--write]\n"
            + "       format DIR|FILE … [--check | --write]";

    private final PrintWriter out;
    private final PrintWriter err;
    private final Iterable<ConfigurationParticipant> readers;

    Main(PrintWriter out, PrintWriter err) {
        this(out, err, ServiceLoader.load(ConfigurationParticipant.class));
    }

    /** @param readers of the files that are no rule files */
    Main(PrintWriter out, PrintWriter err, Iterable<ConfigurationParticipant> readers) {
        this.out = out;
        this.err = err;
        this.readers = readers;
    }

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        int status = new Main(out, err).run(args);
        out.flush();
        err.flush();
        System.exit(status);
    }

    int run(String... args) {
        try {
            if (args.length > 0 && args[0].equals("rename")) {
                return new RenameCommand(out, err, readers).run(args);
            } else if (args.length > 0 && args[0].equals("format")) {
                return new FormatCommand(out, err).run(args);
            }
            Options options = options(args);
            if (options != null && !Files.isDirectory(options.directory())) {
                err.println("no directory " + options.directory());
                return EX_NOINPUT;
            }
            if (options != null) {
                return check(options);
            }
        } catch (IOException | UncheckedIOException e) {
            err.println(e.getMessage());
            return EX_NOINPUT;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
        }
        err.println(USAGE);
        return EX_USAGE;
    }

    /** How findings are written. */
    private enum Format {
        TEXT,
        JSON,
        SARIF
    }

    /** What the arguments ask for. */
    private record Options(Path directory, @Nullable Path model, Format format, boolean coverage) {}

    private static @Nullable Options options(String... args) {
        Path directory = null;
        Path model = null;
        Format format = Format.TEXT;
        boolean coverage = false;
        for (int i = args.length > 0 && args[0].equals("check") ? 1 : 0; i < args.length; i++) {
            if (args[i].equals("--json") || args[i].equals("--sarif")) {
                format = args[i].equals("--json") ? Format.JSON : Format.SARIF;
            } else if (args[i].equals("--coverage")) {
                coverage = true;
            } else if (args[i].equals("--model")) {
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException("--model needs a file");
                }
                model = Path.of(args[++i]);
            } else if (directory == null && !args[i].startsWith("--")) {
                directory = Path.of(args[i]);
            } else {
                throw new IllegalArgumentException(
                        args[i].startsWith("--")
                                ? "check has no option " + args[i]
                                : "one directory, not " + args[i] + " too");
            }
        }
        return directory == null ? null : new Options(directory, model, format, coverage);
    }

    private int check(Options options) throws IOException {
        RuleDirectory directory = new RuleDirectory(options.directory());
        List<SourceFile> files = directory.files();
        Path snapshot = options.model() != null ? options.model() : directory.snapshot();
        HouseModel house = HouseModel.EMPTY;
        if (snapshot == null) {
            err.println("no snapshot of the house (--model): only devices that the files expect are known");
        } else {
            house = RuleDirectory.model(snapshot);
        }
        List<SourceFile> all = new ArrayList<>(files);
        all.addAll(directory.calendars());
        OtherFiles others = OtherFiles.read(options.directory(), readers);
        List<Problem> problems = others.problems();
        FullCheck.Outcome result = FullCheck.check(all, house, directory.place(err::println), options.coverage());
        switch (options.format()) {
            case JSON -> Report.json(problems, result.diagnostics(), options.coverage() ? result.reached() : null, out);
            case SARIF -> Report.sarif(problems, result.diagnostics(), out);
            case TEXT -> {
                problems.forEach(each -> out.println(Report.line(each)));
                result.diagnostics().forEach(each -> out.println(each.render()));
                if (options.coverage()) {
                    coverage(result.reached());
                }
                out.println(summary(all.size() + others.files().size(), problems, result));
            }
        }
        return result.isClean() && problems.stream().noneMatch(Problem::isError) ? 0 : 1;
    }

    /** What no test reaches, and how much that is. */
    private void coverage(List<Reached> reached) {
        List<Reached> missed =
                reached.stream().filter(each -> each.times() == 0).toList();
        missed.forEach(each -> out.println(each.place() + ": not reached: " + each.declaration() + ": " + each.text()));
        out.println(
                reached.size() - missed.size() + " of " + counted(reached.size(), "part") + " reached by the tests");
    }

    private static String summary(int files, List<Problem> problems, FullCheck.Outcome result) {
        long errors = result.diagnostics().stream().filter(Diagnostic::isError).count()
                + problems.stream().filter(Problem::isError).count();
        long warnings = result.diagnostics().size() + problems.size() - errors;
        return counted(files, "file") + ", " + counted(result.declarations(), "declaration") + " in order, "
                + (result.tests() > 0 ? counted(result.tests(), "test") + " run, " : "")
                + counted(errors, "error") + ", " + counted(warnings, "warning");
    }

    static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
