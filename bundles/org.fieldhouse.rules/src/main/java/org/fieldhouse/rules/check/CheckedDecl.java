package org.fieldhouse.rules.check;

import org.fieldhouse.rules.syntax.ast.Decl;

/**
 * A declaration without errors.
 *
 * @param decl its tree
 * @param file path of its file
 * @param hash of its content, see {@link ContentHash}: equal for equal content, whatever the spacing, comments and place
 */
public record CheckedDecl(Decl decl, String file, String hash) {
    /** Kind and key: what stays the same while the content is edited. */
    public String id() {
        return decl.kind() + " " + decl.key();
    }

    /** The same for the same content under the same name: who has it may go on with what another remembers. */
    public String identity() {
        return id() + " " + hash;
    }
}
