package org.fieldhouse.runtime.bus;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * What a bundle says in its manifest that it touches, as far as the house itself keeps the door: {@code Fieldhouse-Permissions}, in
 * the grammar of OSGi Core 3.2.4. Its other permissions are read at the install alone (docs/SECURITY.md).
 */
public final class Declared {
    static final String HEADER = "Fieldhouse-Permissions";

    private Declared() {}

    /** @param permission {@code publish} or {@code command} */
    public static boolean has(Bundle bundle, String permission) {
        return names(bundle.getHeaders("").get(HEADER), permission);
    }

    /** For a message to whoever was refused. */
    public static String cure(String permission) {
        return "its manifest must name `" + permission + "` in " + HEADER;
    }

    static boolean names(@Nullable String header, String permission) {
        if (header == null) {
            return false;
        }
        // Commas and semicolons in quotes are of the places, which do not matter here.
        for (String clause : header.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "").split(",")) {
            for (String path : clause.split(";")) {
                if (path.strip().equals(permission)) {
                    return true;
                }
            }
        }
        return false;
    }
}
