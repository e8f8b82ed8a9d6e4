package org.fieldhouse.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A folder in Maven layout. Read anew at every question: somebody may be copying into it. */
final class FolderRepository implements Repository {
    private static final int DEPTH = 12;
    /** Endings of the file of a feature: that of its type (OSGi Compendium 8.1, 159.3), and plain JSON. */
    static final List<String> FEATURE_TYPES = List.of("osgifeature", "json", "far");

    private final Path root;

    FolderRepository(Path root) {
        this.root = root;
    }

    @Override
    public String description() {
        return root.toString();
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public List<Coordinates> versions(String group, String artefact) throws IOException {
        List<Coordinates> found = new ArrayList<>();
        for (Path folder : folders(group, artefact)) {
            Path below = root.relativize(folder);
            String in = below.subpath(0, below.getNameCount() - 1).toString().replace('/', '.');
            try (Stream<Path> versions = Files.list(folder)) {
                for (Path version : versions.filter(Files::isDirectory).toList()) {
                    type(version, artefact)
                            .ifPresent(type -> found.add(new Coordinates(
                                    in, artefact, version.getFileName().toString(), type, "")));
                }
            }
        }
        return found;
    }

    private List<Path> folders(String group, String artefact) throws IOException {
        if (!group.isEmpty()) {
            Path folder = root.resolve(group.replace('.', '/')).resolve(artefact);
            return Files.isDirectory(folder) ? List.of(folder) : List.of();
        }
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.find(
                root,
                DEPTH,
                (p, a) -> a.isDirectory() && p.getFileName().toString().equals(artefact))) {
            return all.filter(p -> root.relativize(p).getNameCount() > 1).toList();
        }
    }

    private static Optional<String> type(Path version, String artefact) {
        String base = artefact + '-' + version.getFileName() + '.';
        return Stream.concat(FEATURE_TYPES.stream(), Stream.of("jar"))
                .filter(type -> Files.isRegularFile(version.resolve(base + type)))
                .findFirst();
    }

    @Override
    public List<String> features() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.find(root, DEPTH, (p, a) -> a.isRegularFile())) {
            all.forEach(file -> {
                Path version = file.getParent();
                Path artefact = version == null ? null : version.getParent();
                if (version != null && artefact != null && artefact.startsWith(root)) {
                    String base = artefact.getFileName() + "-" + version.getFileName() + '.';
                    if (FEATURE_TYPES.stream()
                            .anyMatch(type -> file.getFileName().toString().equals(base + type))) {
                        names.add(artefact.getFileName().toString());
                    }
                }
            });
        }
        return List.copyOf(names);
    }

    @Override
    public List<Path> jars() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.find(
                root, DEPTH, (p, a) -> a.isRegularFile() && p.toString().endsWith(".jar"))) {
            return all.limit(LOOKED_INTO).toList();
        }
    }

    @Override
    public Optional<InputStream> open(Coordinates coordinates, String ending) throws IOException {
        Path file = root.resolve(coordinates.path() + ending).normalize();
        return file.startsWith(root) && Files.isRegularFile(file)
                ? Optional.of(Files.newInputStream(file))
                : Optional.empty();
    }
}
