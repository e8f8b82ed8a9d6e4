package org.fieldhouse.trust;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a bundle can touch beyond its own objects. The word in the manifest is the constant's name in lower case. */
enum Permission {
    PUBLISH("brings devices, facts or functions", false),
    COMMAND("sends commands to devices", false),
    CONNECT("opens network connections", false),
    LISTEN("waits for network connections", false),
    SERIAL("opens serial ports", false),
    READ("reads files", false),
    WRITE("writes or deletes files", false),
    REFLECT("looks into other classes or makes classes", false),
    THREADS("starts threads of its own", false),
    GLOBAL("changes what the whole JVM shares", true),
    CONTAINER("installs, stops or changes bundles", true),
    NATIVE("runs native code", true),
    PROCESS("starts programs", true),
    EXIT("ends the JVM", true);

    private final String meaning;
    private final boolean grave;

    Permission(String meaning, boolean grave) {
        this.meaning = meaning;
        this.grave = grave;
    }

    /** For people, behind a bundle's name. */
    String meaning() {
        return meaning;
    }

    /** Whether a bundle that does it without saying so is refused, and not only shown. */
    boolean isGrave() {
        return grave;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Permission> of(String word) {
        for (Permission permission : values()) {
            if (permission.word().equals(word)) {
                return Optional.of(permission);
            }
        }
        return Optional.empty();
    }

    /**
     * @param words with commas between
     * @throws IllegalArgumentException if one of them is none
     */
    static Set<Permission> all(String words) {
        Set<Permission> all = EnumSet.noneOf(Permission.class);
        for (String word : words.split(",", -1)) {
            all.add(of(word).orElseThrow(() -> new IllegalArgumentException(
                    "there is no permission '" + word + "'; there is " + words(Arrays.asList(values())))));
        }
        return all;
    }

    /** In the order of the enumeration, with commas between. */
    static String words(Collection<Permission> permissions) {
        return permissions.stream().sorted().map(Permission::word).collect(Collectors.joining(","));
    }
}
