package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.features.lock.Digests;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.jspecify.annotations.Nullable;

/** Files of a lock as {@link org.fieldhouse.api.feature.Vetting} sees them. */
record Artefacts(Places places) {
    Artefact of(Lock.Entry entry, @Nullable Lock before) throws IOException {
        String ending = Files.exists(places.stored(entry.artefact(), ".json")) ? ".json" : ".jar";
        Path file = entry.isShipped()
                ? places.distribution().resolve("features/" + entry.name() + ".json")
                : places.stored(entry.artefact(), ending);
        Optional<Lock.Entry> old = before == null ? Optional.empty() : before.entry(entry.name());
        return new Artefact(
                Artefact.Kind.FEATURE,
                entry.name(),
                entry.version(),
                file,
                entry.isShipped() ? Digests.sha256(file) : entry.artefact(),
                entry.source(),
                beside(entry),
                entry.name(),
                old.isPresent() ? of(old.get(), null) : null);
    }

    Artefact of(Pin pin, Lock.Entry entry, @Nullable Lock before) {
        Pin old = before == null
                ? null
                : before.everyBundle().stream()
                        .filter(p -> p.name().equals(pin.name()))
                        .findFirst()
                        .orElse(null);
        return new Artefact(
                Artefact.Kind.BUNDLE,
                pin.name(),
                pin.version(),
                pin.jar(places),
                pin.sha256(),
                entry.source(),
                beside(entry),
                entry.name(),
                old == null ? null : of(old, entry, null));
    }

    /** The folder of the file that was handed in, if it was a file of this machine. */
    private @Nullable Path beside(Lock.Entry entry) {
        try {
            Path path = places.data().resolve("..").resolve(entry.source()).normalize();
            return Files.isRegularFile(path) ? path.getParent() : Files.isDirectory(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
