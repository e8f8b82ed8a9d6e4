package org.fieldhouse.features;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The bundles that an archive brings along: in Maven layout at its top or below {@code repository/}. The file stays its owner's. */
record ArchiveRepository(ZipFile file, String description) implements Repository {
    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public List<Coordinates> versions(String group, String artefact) {
        return List.of();
    }

    @Override
    public List<String> features() {
        return List.of();
    }

    @Override
    public Optional<InputStream> open(Coordinates coordinates, String ending) throws IOException {
        for (String root : List.of("repository/", "")) {
            ZipEntry entry = file.getEntry(root + coordinates.path() + ending);
            if (entry != null) {
                return Optional.of(file.getInputStream(entry));
            }
        }
        return Optional.empty();
    }
}
