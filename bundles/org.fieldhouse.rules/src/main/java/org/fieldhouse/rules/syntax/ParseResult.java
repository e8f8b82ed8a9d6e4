package org.fieldhouse.rules.syntax;

import java.util.List;
import org.fieldhouse.rules.syntax.ast.RuleFile;

/**
 * What came of reading a file.
 *
 * @param file what could be read; declarations with a syntax error are {@code Decl.Broken}
 * @param diagnostics in the order of the text
 */
public record ParseResult(RuleFile file, List<Diagnostic> diagnostics) {
    public ParseResult {
        diagnostics = List.copyOf(diagnostics);
    }
}
