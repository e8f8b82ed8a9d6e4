package org.fieldhouse.rules.check;

import java.util.IdentityHashMap;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;
import org.jspecify.annotations.Nullable;

/**
 * What has been found out about nodes so far: of one declaration by its own check, then of all; then it becomes a
 * {@link CheckedProgram}.
 */
final class Facts {
    /** Of most declarations there is less to know. */
    private static final int OF_ONE = 10;

    final IdentityHashMap<Expr, Type> types;
    final IdentityHashMap<Expr, Value> constants;
    final IdentityHashMap<Node, Resolution> resolutions;

    Facts() {
        this(1);
    }

    /** @param declarations about how many it will be about */
    Facts(int declarations) {
        int nodes = OF_ONE * declarations;
        types = new IdentityHashMap<>(nodes);
        constants = new IdentityHashMap<>(nodes / 2);
        resolutions = new IdentityHashMap<>(nodes / 2);
    }

    void addAll(Facts others) {
        types.putAll(others.types);
        constants.putAll(others.constants);
        resolutions.putAll(others.resolutions);
    }

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
