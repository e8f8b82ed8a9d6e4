package org.fieldhouse.rules.check;

import java.util.IdentityHashMap;
import java.util.Map;
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

    /** These, in a quarter of the room, for as long as the declaration stays as it is: each node, then what is known of it. */
    record Kept(Object[] types, Object[] constants, Object[] resolutions) {}

    Kept kept() {
        return new Kept(pairs(types), pairs(constants), pairs(resolutions));
    }

    void addAll(Kept others) {
        putAll(types, others.types());
        putAll(constants, others.constants());
        putAll(resolutions, others.resolutions());
    }

    private static Object[] pairs(Map<?, ?> facts) {
        Object[] pairs = new Object[2 * facts.size()];
        int at = 0;
        for (Map.Entry<?, ?> each : facts.entrySet()) {
            pairs[at++] = each.getKey();
            pairs[at++] = each.getValue();
        }
        return pairs;
    }

    @SuppressWarnings("unchecked") // as pairs() has put them
    private static <K, V> void putAll(Map<K, V> facts, Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            facts.put((K) pairs[i], (V) pairs[i + 1]);
        }
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
