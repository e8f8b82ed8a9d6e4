package org.fieldhouse.trust;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says it touches: the header {@value #HEADER} of its manifest, in the grammar of OSGi Core 3.2.4. Each clause names a
 * {@link Permission}; its attribute {@code to} says where: hosts and ports, paths, names of points, {@code *} for part of a name.
 *
 * <pre>Fieldhouse-Permissions: publish, connect;to="*:1883,*:8883", read;to="/etc/acme/*", threads</pre>
 *
 * @param declared permission to the places that it is for; an empty set means anywhere
 */
record Permissions(Map<Permission, Set<String>> declared) {
    static final String HEADER = "Fieldhouse-Permissions";
    private static final int LONGEST = 16_384;

    Permissions {
        declared = Map.copyOf(declared);
    }

    /**
     * @param header null for a manifest without one: it says that nothing is touched
     * @throws IllegalArgumentException if it is not understood, with the place
     */
    static Permissions parse(@Nullable String header) {
        Map<Permission, Set<String>> declared = new EnumMap<>(Permission.class);
        if (header == null || header.isBlank()) {
            return new Permissions(declared);
        }
        if (header.length() > LONGEST) {
            throw new IllegalArgumentException(HEADER + " is longer than " + LONGEST + " characters");
        }
        for (Clause clause : Parser.parseHeader(header)) {
            Permission permission = Permission.of(clause.getName())
                    .orElseThrow(() -> new IllegalArgumentException(HEADER + " names " + clause.getName()
                            + "; there is " + Permission.words(List.of(Permission.values()))));
            Set<String> places = declared.computeIfAbsent(permission, some -> new TreeSet<>());
            String to = clause.getAttribute("to");
            if (to != null) {
                for (String place : to.split(",", -1)) {
                    if (place.isBlank()) {
                        throw new IllegalArgumentException(HEADER + ": an empty place in " + clause.getName());
                    }
                    places.add(place.strip());
                }
            } else if (clause.getAttributes().length > 0) {
                throw new IllegalArgumentException(HEADER + ": " + clause.getName()
                        + " knows only the attribute `to`, not " + clause.getAttributes()[0].getName());
            }
        }
        return new Permissions(declared);
    }

    boolean has(Permission permission) {
        return declared.containsKey(permission);
    }

    /** A line a permission, in the order of the enumeration: {@code connect to *:1883: opens network connections}. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            Set<String> places = declared.get(permission);
            if (places != null) {
                lines.add(line(permission, places));
            }
        }
        return lines;
    }

    /** What this one asks for and the other did not. */
    List<String> beyond(Permissions before) {
        List<String> lines = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            Set<String> places = declared.get(permission);
            Set<String> earlier = before.declared.get(permission);
            if (places == null || (earlier != null && (earlier.isEmpty() || places.equals(earlier)))) {
                continue;
            }
            Set<String> added = new TreeSet<>(places);
            if (earlier != null && !places.isEmpty()) {
                added.removeAll(earlier);
                if (added.isEmpty()) {
                    continue;
                }
            }
            lines.add(line(permission, added));
        }
        return lines;
    }

    private static String line(Permission permission, Set<String> places) {
        return permission.word() + (places.isEmpty() ? "" : " to " + String.join(", ", places)) + ": "
                + permission.meaning();
    }
}
