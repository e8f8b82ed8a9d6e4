package org.fieldhouse.rules.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.engine.StateInput;
import org.fieldhouse.rules.engine.StateOutput;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.Diagnostic;

/**
 * Rule files made into a program.
 *
 * @param fingerprint equal for equal texts that mean the same devices
 */
record Compiled(
        List<SourceFile> files,
        HouseModel model,
        CheckedProgram checked,
        Program program,
        List<Problem> problems,
        String fingerprint) {
    private static final int FORMAT = 2;

    /** Nothing at all. */
    static final Compiled NONE = of(List.of(), HouseModel.EMPTY);

    static Compiled of(List<SourceFile> files, HouseModel model) {
        return of(files, model, new LastCheck());
    }

    static Compiled of(List<SourceFile> files, HouseModel model, LastCheck last) {
        return draft(files, model, last).compiled();
    }

    /**
     * A program and what made it, for tests to be added.
     *
     * @param lowering has made the program; not thread-safe
     */
    record Draft(Compiled compiled, Lowering lowering) {}

    static Draft draft(List<SourceFile> files, HouseModel model, LastCheck last) {
        List<org.fieldhouse.rules.syntax.SourceFile> texts = files.stream()
                .map(file -> new org.fieldhouse.rules.syntax.SourceFile(file.path(), file.text()))
                .toList();
        CheckResult result = RuleCompiler.check(texts, model, last);
        Lowering lowering = new Lowering(result.program());
        List<Problem> problems = new ArrayList<>(
                result.diagnostics().stream().map(Compiled::problem).toList());
        if (result.isClean()) { // else it may only be what an error leaves over that cannot be run
            problems.addAll(lowering.problems());
        }
        Program program = lowering.program();
        Compiled compiled = new Compiled(
                List.copyOf(files),
                model,
                result.program(),
                program,
                List.copyOf(problems),
                fingerprint(files, program, model.functions()));
        return new Draft(compiled, lowering);
    }

    private static Problem problem(Diagnostic found) {
        int length = found.span().end() - found.span().start();
        SourceSpan place =
                new SourceSpan(found.path(), found.span().line(), found.span().column(), length);
        String message = found.help().isEmpty() ? found.message() : found.message() + ": " + found.help();
        return found.isError()
                ? Problem.error(found.code().name(), place, message)
                : Problem.warning(found.code().name(), place, message);
    }

    boolean isClean() {
        return problems.stream().noneMatch(Problem::isError);
    }

    private static String fingerprint(List<SourceFile> files, Program program, List<FunctionSpec> functions) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (SourceFile file : files) {
                digest.update((file.path() + "\u0000" + file.text() + "\u0000").getBytes(StandardCharsets.UTF_8));
            }
            // A function that gives or takes something else is another program, whatever the text says.
            for (FunctionSpec each : functions) {
                String signature = each.name() + each.kind() + each.parameters() + each.result() + "\u0000";
                digest.update(signature.getBytes(StandardCharsets.UTF_8));
            }
            digest.update(program.sources().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The texts and the devices, from which {@link #fromBytes} makes the same program again. */
    byte[] toBytes() {
        StateOutput out = new StateOutput();
        out.small(FORMAT);
        out.text(fingerprint);
        out.small(files.size());
        for (SourceFile file : files) {
            out.text(file.path());
            out.text(file.text());
        }
        ModelCodec.write(model, out);
        return out.toBytes();
    }

    /** The fingerprint of what {@link #toBytes} made. */
    static String fingerprint(byte[] data) throws IOException {
        return fingerprint(new StateInput(data));
    }

    private static String fingerprint(StateInput in) throws IOException {
        int format = in.small();
        if (format != FORMAT) {
            throw new IOException("rules of format " + format + ", expected " + FORMAT);
        }
        return in.text();
    }

    static Compiled fromBytes(byte[] data, LastCheck last) throws IOException {
        StateInput in = new StateInput(data);
        String wanted = fingerprint(in);
        List<SourceFile> files = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            files.add(new SourceFile(in.text(), in.text()));
        }
        Compiled compiled = of(files, ModelCodec.read(in), last);
        if (!compiled.fingerprint.equals(wanted)) {
            throw new IOException("the rules kept with the snapshot no longer mean what they did");
        }
        return compiled;
    }

    /** The declarations by identity. */
    Map<String, Code> codes() {
        return program.codes().stream()
                .collect(Collectors.toMap(code -> code.head().id(), code -> code));
    }
}
