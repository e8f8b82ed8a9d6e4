package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.SourceFile;

/**
 * Rule texts that were checked and lowered.
 *
 * @param model the devices that the texts expect
 */
public record RuleSet(String text, HouseModel model, Program program) {
    /** A house in which every construct of the language is at work. */
    public static RuleSet everyConstruct() {
        return of(resource("every-construct.rules"));
    }

    static String resource(String name) {
        try (InputStream in = RuleSet.class.getResourceAsStream("/proof/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException with the first error of the text */
    static RuleSet of(String text) {
        CheckResult result = RuleCompiler.check(List.of(new SourceFile("rules/proof.rules", text)), HouseModel.EMPTY);
        result.diagnostics().stream().filter(d -> d.isError()).findFirst().ifPresent(error -> {
            throw new IllegalArgumentException(error.render());
        });
        Lowering lowering = new Lowering(result.program());
        Program program = lowering.program();
        if (!lowering.problems().isEmpty()) {
            throw new IllegalArgumentException(lowering.problems().toString());
        }
        return new RuleSet(text, result.program().model(), program);
    }
}
