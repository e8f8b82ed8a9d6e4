package org.fieldhouse.rules.check;

import java.util.IdentityHashMap;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;
import org.jspecify.annotations.Nullable;

/** What has been found out about nodes so far. One check fills one of these; then it becomes a {@link CheckedProgram}. */
final class Facts {
    final IdentityHashMap<Expr, Type> types = new IdentityHashMap<>();
    final IdentityHashMap<Expr, Value> constants = new IdentityHashMap<>();
    final IdentityHashMap<Node, Resolution> resolutions = new IdentityHashMap<>();

    Type type(Expr e, Type type) {
        types.put(e, type);
        return type;
    }

    Type constant(Expr e, Value value, Type type) {
        constants.put(e, value);
        return type(e, type);
    }

    @Nullable
    Resolution resolution(Node node) {
        return resolutions.get(node);
    }
}
