package org.fieldhouse.rules.syntax.ast;

import org.jspecify.annotations.Nullable;

/**
 * A dotted path to something of the owner's (device, group, variable, counter …), and a point, action or event of it.
 *
 * @param path the capitalised or back-quoted segments, joined by dots, quotes taken off
 * @param member the lower-case name behind the path; null when the path stands alone (its main point is meant)
 */
public record Ref(Name path, @Nullable Name member, Span span) implements Node {
    @Override
    public String toString() {
        return member == null ? path.text() : path.text() + "." + member.text();
    }
}
