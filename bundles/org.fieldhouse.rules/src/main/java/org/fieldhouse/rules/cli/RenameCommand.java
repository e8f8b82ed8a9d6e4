package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.Rename;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code rename DIR OLD NEW [--model snapshot.json] [--write]}: shows what a new name changes in the rule files, as a unified diff;
 * with {@code --write}, changes it. Nothing is written when the new name brings errors that were not there before.
 */
final class RenameCommand {
    private final PrintWriter out;
    private final PrintWriter err;

    RenameCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    int run(String... args) throws IOException {
        List<String> words = new ArrayList<>();
        Path model = null;
        boolean write = false;
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--write")) {
                write = true;
            } else if (args[i].equals("--model") && i + 1 < args.length) {
                model = Path.of(args[++i]);
            } else if (args[i].startsWith("--")) {
                throw new IllegalArgumentException("unknown option " + args[i]);
            } else {
                words.add(args[i]);
            }
        }
        if (words.size() != 3) {
            throw new IllegalArgumentException("rename needs a directory and two names");
        }
        Path root = Path.of(words.get(0));
        if (!Files.isDirectory(root)) {
            err.println("no directory " + root);
            return Main.EX_NOINPUT;
        }
        return rename(new RuleDirectory(root), model, new Rename(words.get(1), words.get(2)), write);
    }

    private int rename(RuleDirectory directory, @Nullable Path model, Rename rename, boolean write) throws IOException {
        List<SourceFile> before = directory.files();
        List<SourceFile> after = new ArrayList<>();
        List<SourceFile> changed = new ArrayList<>();
        int places = 0;
        for (SourceFile file : before) {
            SourceFile renamed = rename.apply(file);
            after.add(renamed);
            if (!renamed.text().equals(file.text())) {
                changed.add(renamed);
                places += rename.places(file).size();
                diff(file, renamed);
            }
        }
        if (changed.isEmpty()) {
            err.println("no rule file names it");
            return 1;
        }
        Path snapshot = model != null ? model : directory.snapshot();
        HouseModel house = snapshot == null ? HouseModel.EMPTY : RuleDirectory.model(snapshot);
        if (house.named(rename.from()).isPresent() && house.named(rename.to()).isPresent()) {
            err.println("there is a device " + rename.to() + " already; nothing was written");
            return 1;
        }
        List<Diagnostic> old = errors(before, house);
        List<Diagnostic> fresh = errors(after, rename.apply(house));
        if (fresh.size() > old.size()) {
            fresh.forEach(each -> out.println(each.render()));
            err.println("the new name brings errors; nothing was written");
            return 1;
        }
        if (write) {
            for (SourceFile file : changed) {
                RuleDirectory.replace(directory.root().resolve(file.path()), file.text());
            }
        }
        out.println(Main.counted(places, "place") + " in " + Main.counted(changed.size(), "file")
                + (write ? " renamed" : "; --write changes them"));
        return 0;
    }

    private static List<Diagnostic> errors(List<SourceFile> files, HouseModel house) {
        return RuleCompiler.check(files, house).diagnostics().stream()
                .filter(Diagnostic::isError)
                .toList();
    }

    /** A new name never moves a line, so lines are compared one by one. */
    private void diff(SourceFile before, SourceFile after) {
        out.println("--- " + before.path());
        out.println("+++ " + after.path());
        String[] old = before.text().split("\n", -1);
        String[] fresh = after.text().split("\n", -1);
        for (int i = 0; i < old.length; i++) {
            if (!old[i].equals(fresh[i])) {
                out.println("@@ -" + (i + 1) + " +" + (i + 1) + " @@");
                out.println("-" + old[i]);
                out.println("+" + fresh[i]);
            }
        }
    }
}
