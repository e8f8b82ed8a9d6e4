package org.fieldhouse.features;

import java.util.List;

/** Where Maven keeps an artefact. @param type ending of the file */
record Coordinates(String group, String artefact, String version, String type, String classifier) {
    /**
     * {@code group:artifact:version} or {@code group:artifact:type:version} or {@code group:artifact:type:classifier:version}
     * (OSGi Compendium 8.1, 159.3).
     *
     * @throws IllegalArgumentException if it is none of them, or leads somewhere else
     */
    static Coordinates parse(String id) {
        List<String> parts = List.of(id.split(":", -1));
        if (parts.size() < 3
                || parts.size() > 5
                || parts.stream().anyMatch(p -> !p.matches("[A-Za-z0-9][A-Za-z0-9._+-]*"))) {
            throw new IllegalArgumentException("\"" + id + "\" is not group:artifact:version");
        }
        return new Coordinates(
                parts.get(0),
                parts.get(1),
                parts.get(parts.size() - 1),
                parts.size() > 3 ? parts.get(2) : "jar",
                parts.size() > 4 ? parts.get(3) : "");
    }

    String folder() {
        return group.replace('.', '/') + '/' + artefact + '/' + version;
    }

    String file() {
        return artefact + '-' + version + (classifier.isEmpty() ? "" : '-' + classifier) + '.' + type;
    }

    String path() {
        return folder() + '/' + file();
    }

    @Override
    public String toString() {
        return group + ':' + artefact + ':' + version;
    }
}
