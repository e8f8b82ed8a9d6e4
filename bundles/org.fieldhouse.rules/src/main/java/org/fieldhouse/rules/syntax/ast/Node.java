package org.fieldhouse.rules.syntax.ast;

/** Anything that stands in a rule file at a known place. */
public interface Node {
    Span span();
}
