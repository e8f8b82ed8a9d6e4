package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.Rename;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code rename DIR OLD NEW [--model snapshot.json] [--write]}: shows what a new name changes in the files of rules and devices, as
 * a unified diff; with {@code --write}, changes it. Nothing is written when the new name brings errors that were not there before.
 */
final class RenameCommand {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Iterable<ConfigurationParticipant> readers;

    RenameCommand(PrintWriter out, PrintWriter err, Iterable<ConfigurationParticipant> readers) {
        this.out = out;
        this.err = err;
        this.readers = readers;
    }

    /** What is to be written in the place of a file. */
    private record Changed(String path, String text, int places) {}

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
        List<SourceFile> after = before.stream().map(rename::apply).toList();
        OtherFiles others = OtherFiles.read(directory.root(), readers);
        OtherFiles renamedOthers = others.renamed(rename.from(), rename.to());
        List<Changed> changed = changes(others, renamedOthers);
        boolean devices = !changed.isEmpty();
        for (int i = 0; i < before.size(); i++) {
            SourceFile file = before.get(i);
            if (!after.get(i).text().equals(file.text())) {
                diff(file.path(), file.text(), after.get(i).text());
                changed.add(new Changed(
                        file.path(), after.get(i).text(), rename.places(file).size()));
            }
        }
        if (changed.isEmpty()) {
            err.println("no file of " + directory.root() + " names " + rename.from());
            return 1;
        }
        Path snapshot = model != null ? model : directory.snapshot();
        HouseModel house = snapshot == null ? HouseModel.EMPTY : RuleDirectory.model(snapshot);
        if (house.named(rename.from()).isPresent() && house.named(rename.to()).isPresent()) {
            err.println("there is a device " + rename.to() + " already; nothing was written");
            return 1;
        }
        List<Diagnostic> fresh = errors(after, rename.apply(house));
        List<Problem> freshOthers = errors(renamedOthers);
        if (fresh.size() > errors(before, house).size()
                || freshOthers.size() > errors(others).size()) {
            freshOthers.forEach(each -> out.println(Report.line(each)));
            fresh.forEach(each -> out.println(each.render()));
            err.println("the new name brings errors; nothing was written");
            return 1;
        }
        if (write) {
            for (Changed file : changed) {
                RuleDirectory.replace(directory.root().resolve(file.path()), file.text());
            }
            // Until the house has seen the files and writes its own, they are checked against this.
            if (snapshot != null && snapshot.equals(directory.snapshot())) {
                RuleDirectory.write(rename.apply(house), snapshot);
            }
        }
        out.println(Main.counted(changed.stream().mapToInt(Changed::places).sum(), "place") + " in "
                + Main.counted(changed.size(), "file") + (write ? " renamed" : "; --write changes them"));
        if (devices) {
            tellId(house, changed, rename);
        }
        return 0;
    }

    /** Shows and gives what differs. */
    private List<Changed> changes(OtherFiles before, OtherFiles after) {
        List<Changed> changed = new ArrayList<>();
        for (int i = 0; i < before.files().size(); i++) {
            String path = before.files().get(i).path();
            String old = before.files().get(i).text();
            String fresh = after.files().get(i).text();
            if (!fresh.equals(old)) {
                changed.add(new Changed(path, fresh, diff(path, old, fresh)));
            }
        }
        return changed;
    }

    /** History belongs to the id, and a device without one written down has that of its name. */
    private void tellId(HouseModel house, List<Changed> changed, Rename rename) {
        String id = house.named(rename.from())
                .map(device -> device.id().value())
                .orElse(DeviceId.of(rename.from()).value());
        Pattern written = Pattern.compile("(?m)^\\s*id:\\s*[\"']?" + Pattern.quote(id) + "[\"']?\\s*(#.*)?$");
        if (changed.stream().noneMatch(file -> written.matcher(file.text()).find())) {
            out.println(
                    "its history belongs to the id of the old name: to keep it, write `id: " + id + "` into its entry");
        }
    }

    private static List<Problem> errors(OtherFiles files) {
        return files.problems().stream().filter(Problem::isError).toList();
    }

    private static List<Diagnostic> errors(List<SourceFile> files, HouseModel house) {
        return RuleCompiler.check(files, house).diagnostics().stream()
                .filter(Diagnostic::isError)
                .toList();
    }

    /** A new name never moves a line, so lines are compared one by one. Returns how many differ. */
    private int diff(String path, String before, String after) {
        out.println("--- " + path);
        out.println("+++ " + path);
        String[] old = before.split("\n", -1);
        String[] fresh = after.split("\n", -1);
        int lines = 0;
        for (int i = 0; i < old.length; i++) {
            if (!old[i].equals(fresh[i])) {
                lines++;
                out.println("@@ -" + (i + 1) + " +" + (i + 1) + " @@");
                out.println("-" + old[i]);
                out.println("+" + fresh[i]);
            }
        }
        return lines;
    }
}
