package org.fieldhouse.binding.bluetooth.bluez;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/** Values of D-Bus without the library's types around them. */
final class Plain {
    private Plain() {}

    static Object of(Object value) {
        if (value instanceof Variant<?> variant) {
            return of(variant.getValue());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> out = new LinkedHashMap<>();
            map.forEach((key, each) -> out.put(of(key), of(each)));
            return out;
        }
        if (value instanceof Object[] array) {
            return of(List.of(array));
        }
        if (value instanceof List<?> list) {
            return list(list);
        }
        if (value instanceof DBusPath path) {
            return path.getPath();
        }
        if (value instanceof UInt32 || value instanceof UInt64) {
            return ((Number) value).longValue();
        }
        if (value instanceof UInt16 || value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        return value;
    }

    /** An array of bytes comes as a list of them where it is inside a variant. */
    private static Object list(List<?> list) {
        if (!list.isEmpty() && list.stream().allMatch(Byte.class::isInstance)) {
            byte[] bytes = new byte[list.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (Byte) list.get(i);
            }
            return bytes;
        }
        List<Object> out = new ArrayList<>();
        list.forEach(each -> out.add(of(each)));
        return out;
    }

    static Map<String, Object> properties(Map<String, ? extends Object> values) {
        Map<String, Object> out = new LinkedHashMap<>();
        values.forEach((name, value) -> out.put(name, of(value)));
        return out;
    }

    static Map<String, Map<String, Object>> interfaces(Map<String, ? extends Map<String, ? extends Object>> types) {
        Map<String, Map<String, Object>> out = new LinkedHashMap<>();
        types.forEach((name, values) -> out.put(name, properties(values)));
        return out;
    }
}
