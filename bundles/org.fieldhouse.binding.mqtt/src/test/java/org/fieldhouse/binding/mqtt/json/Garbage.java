package org.fieldhouse.binding.mqtt.json;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** JSON that nobody meant, made of words that readers look for. */
public final class Garbage {
    private Garbage() {}

    public static Arbitrary<Object> json(String... words) {
        Arbitrary<String> text =
                Arbitraries.oneOf(Arbitraries.of(words), Arbitraries.strings().ofMaxLength(8));
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                text.map(t -> (Object) t),
                Arbitraries.longs()
                        .between(-1_000_000_000_000L, 1_000_000_000_000L)
                        .map(n -> (Object) n),
                Arbitraries.doubles().map(n -> (Object) n),
                Arbitraries.of(true, false));
        Arbitrary<Object> value = leaf;
        for (int depth = 0; depth < 3; depth++) {
            Arbitrary<Object> inner = value;
            Arbitrary<List<Object>> lists = inner.list().ofMaxSize(4);
            Arbitrary<Map<String, Object>> maps = Arbitraries.maps(text, inner).ofMaxSize(5);
            value = Arbitraries.oneOf(leaf, lists.map(l -> (Object) l), maps.map(m -> (Object) m));
        }
        return value;
    }
}
