package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.rules.editor.RuleEditor;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;

/**
 * {@code format DIR|FILE … [--check | --write]}: the house's layout. Without an option a single file is printed in it, and of a
 * directory the files are named that are not in it; {@code --check} names them and exits with 1; {@code --write} rewrites them.
 * A declaration with a syntax error stays as it is, and is named.
 */
final class FormatCommand {
    private final PrintWriter out;
    private final PrintWriter err;

    FormatCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    int run(String... args) throws IOException {
        List<Path> roots = new ArrayList<>();
        boolean check = false;
        boolean write = false;
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--check")) {
                check = true;
            } else if (args[i].equals("--write")) {
                write = true;
            } else if (args[i].startsWith("--")) {
                throw new IllegalArgumentException("unknown option " + args[i]);
            } else {
                roots.add(Path.of(args[i]));
            }
        }
        if (roots.isEmpty() || check && write) {
            throw new IllegalArgumentException(
                    roots.isEmpty() ? "format needs a directory or a file" : "--check changes nothing, --write does");
        }
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                files.addAll(new RuleDirectory(root).paths());
            } else if (Files.isRegularFile(root)) {
                files.add(root);
            } else {
                err.println("no file or directory " + root);
                return Main.EX_NOINPUT;
            }
        }
        boolean print = !check && !write && roots.size() == 1 && Files.isRegularFile(roots.get(0));
        return print ? print(files.get(0)) : format(files, check, write);
    }

    private int print(Path file) throws IOException {
        String text = read(file);
        out.print(RuleEditor.format(text));
        broken(file, text);
        return 0;
    }

    private int format(List<Path> files, boolean check, boolean write) throws IOException {
        int changed = 0;
        for (Path file : files) {
            String text = read(file);
            String formatted = RuleEditor.format(text);
            broken(file, text);
            if (!formatted.equals(text)) {
                changed++;
                out.println(file);
                if (write) {
                    RuleDirectory.replace(file, formatted);
                }
            }
        }
        String done = write ? " formatted" : " to be formatted" + (check ? "" : "; --write does it");
        out.println(Main.counted(files.size(), "file") + ", " + changed + done);
        return check && changed > 0 ? 1 : 0;
    }

    private void broken(Path file, String text) {
        RuleParser.parse(new SourceFile(file.toString(), text)).diagnostics().stream()
                .filter(Diagnostic::isError)
                .findFirst()
                .ifPresent(each -> err.println(each.headline() + " (what cannot be read stays as it is)"));
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": not UTF-8 text", e);
        }
    }
}
