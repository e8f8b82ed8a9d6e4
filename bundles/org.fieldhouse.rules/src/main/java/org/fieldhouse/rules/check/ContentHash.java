package org.fieldhouse.rules.check;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Span;

/**
 * The content of a declaration without its place: equal for two texts that differ in comments, spacing, line breaks or the order
 * of declarations only. It walks the components of the tree's records, so a construct that is added later cannot be forgotten.
 */
public final class ContentHash {
    /**
     * The components of each record class of the tree; spans are left out. By their fields: for a method that is called often, the
     * JVM makes a class first, and there are 200 of them.
     */
    private static final ClassValue<Field[]> PARTS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(part -> part.getType() != Span.class)
                    .map(part -> field(type, part.getName()))
                    .toArray(Field[]::new);
        }
    };

    private ContentHash() {}

    /** SHA-256 of the canonical form, in hexadecimal. */
    public static String of(Node node) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(canonical(node).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The canonical form: class names and components, strings with their length so that no two trees look alike. */
    static String canonical(Node node) {
        StringBuilder out = new StringBuilder(256);
        write(node, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value == null) {
            out.append('~');
        } else if (value instanceof Record node) {
            out.append(node.getClass().getSimpleName()).append('(');
            for (Field part : PARTS.get(node.getClass())) {
                write(read(part, node), out);
                out.append(',');
            }
            out.append(')');
        } else if (value instanceof Set<?> set) {
            Set<String> sorted = new TreeSet<>();
            set.forEach(each -> sorted.add(String.valueOf(each)));
            write(List.copyOf(sorted), out);
        } else if (value instanceof Collection<?> list) {
            out.append('[');
            list.forEach(each -> {
                write(each, out);
                out.append(',');
            });
            out.append(']');
        } else {
            String text = String.valueOf(value);
            out.append(text.length()).append(':').append(text);
        }
    }

    /** The components of a node that are not its place; nulls are left out. */
    static List<Object> parts(Object node) {
        List<Object> all = new ArrayList<>();
        for (Field part : PARTS.get(node.getClass())) {
            Object value = read(part, (Record) node);
            if (value instanceof Record || value instanceof Collection) {
                all.add(value);
            }
        }
        return all;
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a component without field: " + type + " " + name, e);
        }
    }

    private static Object read(Field part, Record node) {
        try {
            return part.get(node);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + part, e);
        }
    }
}
