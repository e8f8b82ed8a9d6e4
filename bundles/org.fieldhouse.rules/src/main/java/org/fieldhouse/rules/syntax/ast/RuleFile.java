package org.fieldhouse.rules.syntax.ast;

import java.util.List;

/**
 * A parsed file.
 *
 * @param path as shown in messages, relative to the rules directory, with forward slashes
 */
public record RuleFile(String path, List<Decl> declarations) {
    public RuleFile {
        declarations = List.copyOf(declarations);
    }
}
