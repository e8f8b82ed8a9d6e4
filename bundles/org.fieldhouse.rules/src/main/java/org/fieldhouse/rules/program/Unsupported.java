package org.fieldhouse.rules.program;

import org.fieldhouse.rules.syntax.ast.Node;

/** A node that passed the check and cannot be run. A gap in this program, not in the rule file. */
final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Node node;

    Unsupported(Node node, String what) {
        super(what);
        this.node = node;
    }

    Node node() {
        return node;
    }
}
