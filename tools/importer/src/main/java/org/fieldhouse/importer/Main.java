package org.fieldhouse.importer;

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
import java.util.Map;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.cli.RuleDirectory;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code import home-assistant|openhab FILE… [-o DIR] [--model snapshot.json] [--map names.yaml] [--fahrenheit] [--force]}.
 *
 * <p>Exit codes: 0 all of it was translated, 1 some of it is a comment, 64 wrong use, 65 a file that cannot be understood, 66 a file
 * that cannot be read, 73 a file that would be overwritten (as in sysexits.h). Nothing is written with any of the last four.
 */
public final class Main {
    private static final int EX_USAGE = 64;
    private static final int EX_DATA = 65;
    private static final int EX_NOINPUT = 66;
    private static final int EX_CANTCREAT = 73;
    private static final String USAGE =
            "usage: import home-assistant|openhab FILE… [-o DIR] [--model snapshot.json] [--map names.yaml] [--fahrenheit] [--force]";

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
    private static final class Options {
        private String from = "";
        private final List<Path> files = new ArrayList<>();
        private @Nullable Path directory;
        private @Nullable Path model;
        private @Nullable Path map;
        private boolean fahrenheit;
        private boolean force;
    }

    int run(String... args) {
        try {
            Options options = options(args);
            if (options == null) {
                err.println(USAGE);
                return EX_USAGE;
            }
            return run(options);
        } catch (Nodes.NotYaml e) {
            err.println(e.where);
            return EX_DATA;
        } catch (IOException | UncheckedIOException e) {
            err.println(e.getMessage());
            return EX_NOINPUT;
        }
    }

    private static @Nullable Options options(String... args) {
        Options options = new Options();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            boolean more = i + 1 < args.length;
            if (arg.equals("-o") && more) {
                options.directory = Path.of(args[++i]);
            } else if (arg.equals("--model") && more) {
                options.model = Path.of(args[++i]);
            } else if (arg.equals("--map") && more) {
                options.map = Path.of(args[++i]);
            } else if (arg.equals("--fahrenheit")) {
                options.fahrenheit = true;
            } else if (arg.equals("--force")) {
                options.force = true;
            } else if (arg.startsWith("-")) {
                return null;
            } else if (options.from.isEmpty()) {
                options.from = arg;
            } else {
                options.files.add(Path.of(arg));
            }
        }
        boolean known = options.from.equals("home-assistant") || options.from.equals("openhab");
        return known && !options.files.isEmpty() ? options : null;
    }

    private int run(Options options) throws IOException, Nodes.NotYaml {
        Kinds kinds = new Kinds();
        NameMap map = options.map == null
                ? NameMap.EMPTY
                : NameMap.read(options.map.getFileName().toString(), read(options.map), kinds);
        HouseModel house = options.model == null ? HouseModel.EMPTY : model(options.model);
        Names names = new Names(house, map, kinds);
        Assembly assembly = new Assembly(house, beside(options.directory));
        if (options.from.equals("openhab")) {
            new OpenHab(names).translate(texts(options.files), assembly);
        } else {
            Source source = new HomeAssistant(names, options.fahrenheit);
            for (Map.Entry<Path, String> each : texts(options.files).entrySet()) {
                add(
                        assembly,
                        each.getKey(),
                        source.read(String.valueOf(each.getKey().getFileName()), each.getValue()));
            }
        }
        Assembly.Result result;
        try {
            result = assembly.finish();
        } catch (IllegalStateException e) {
            err.println("what came out is refused, and belongs to no rule: " + e.getMessage());
            return EX_DATA;
        }
        return write(options, result) ? report(assembly, result) : EX_CANTCREAT;
    }

    /** Puts what came from a file into the rule file of the same name. */
    static void add(Assembly assembly, Path file, List<Draft> drafts) {
        String name = String.valueOf(file.getFileName());
        String base = name.replaceFirst("\\.[A-Za-z]+$", "");
        List<String> head = List.of("# Made from " + name.replaceAll("\\p{Cntrl}", " ")
                + ". What is not translated is a comment with its reason.");
        assembly.add(base + ".rules", head, drafts);
    }

    private static List<SourceFile> beside(@Nullable Path directory) throws IOException {
        return directory != null && Files.isDirectory(directory) ? new RuleDirectory(directory).files() : List.of();
    }

    private static Map<Path, String> texts(List<Path> files) throws IOException {
        Map<Path, String> texts = new java.util.LinkedHashMap<>();
        for (Path file : files) {
            texts.put(file, read(file));
        }
        return texts;
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file, e);
        } catch (OutOfMemoryError e) {
            throw new IOException(file + ": too large", e);
        }
    }

    private static HouseModel model(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return ModelSnapshot.read(reader);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Everything or nothing: false after the reason was told. */
    private boolean write(Options options, Assembly.Result result) throws IOException {
        Path directory = options.directory;
        if (directory == null) {
            result.texts().values().forEach(out::print);
            return true;
        }
        Files.createDirectories(directory);
        for (String name : result.texts().keySet()) {
            Path target = directory.resolve(name);
            boolean input = Files.exists(target) && isInput(options, target);
            if (input || Files.exists(target) && !options.force) {
                err.println(target + " is there already"
                        + (input
                                ? " and is one of the originals: choose another directory"
                                : ": --force overwrites it"));
                return false;
            }
        }
        for (Map.Entry<String, String> each : result.texts().entrySet()) {
            Files.writeString(directory.resolve(each.getKey()), each.getValue());
        }
        return true;
    }

    private static boolean isInput(Options options, Path target) throws IOException {
        for (Path each : options.files) {
            if (Files.isSameFile(each, target)) {
                return true;
            }
        }
        return false;
    }

    private int report(Assembly assembly, Assembly.Result result) {
        int live = 0;
        for (Draft draft : assembly.drafts()) {
            live += draft.isLive() ? 1 : 0;
            draft.problems()
                    .forEach(each -> err.println(each.file() + ":" + each.line() + ": not translated: " + each.text()
                            + " (\"" + draft.name + "\")"));
            draft.notes()
                    .forEach(each -> err.println(
                            each.file() + ":" + each.line() + ": note: " + each.text() + " (\"" + draft.name + "\")"));
        }
        int all = assembly.drafts().size();
        int warnings = result.warnings().size();
        err.println(live + " of " + all + " translated" + (live < all ? ", the others are comments" : "")
                + (warnings > 0 ? "; the checker has " + warnings + (warnings == 1 ? " warning" : " warnings") : ""));
        return live < all ? 1 : 0;
    }
}
