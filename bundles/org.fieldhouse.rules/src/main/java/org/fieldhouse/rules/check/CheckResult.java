package org.fieldhouse.rules.check;

import java.util.List;
import org.fieldhouse.rules.syntax.Diagnostic;

/**
 * What a check found.
 *
 * @param diagnostics by file, line, column
 * @param program what passed; may run only if {@link #isClean}
 * @param names what names mean, errors or not
 */
public record CheckResult(List<Diagnostic> diagnostics, CheckedProgram program, NameTable names) {
    public CheckResult {
        diagnostics = List.copyOf(diagnostics);
    }

    /** Whether there is no error (there may be warnings). */
    public boolean isClean() {
        return diagnostics.stream().noneMatch(Diagnostic::isError);
    }
}
