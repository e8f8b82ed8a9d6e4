package org.fieldhouse.features;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.features.lock.Digests;
import org.fieldhouse.features.lock.FeatureList;
import org.fieldhouse.features.lock.FeatureList.Config;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.fieldhouse.features.lock.Versions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a source names into the store, compared with the checksums that are known. Features thread alone. */
final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final int BUNDLE_LEVEL = 8;
    private static final int ZIP = 0x504b;
    private static final List<String> ARCHIVES = List.of(".jar", ".far", ".zip");
    /** What stands for an artefact; it may lie beside it. */
    static final String SIGNATURE = ".minisig";

    private static final int LONGEST_SIGNATURE = 4096;
    /** A feature file, which is read at once. */
    private static final long MOST_JSON = 4L << 20;
    /** Checksums beside an artefact, the stronger first: those that Maven repositories have. */
    private static final List<String[]> SUMS = List.of(
            new String[] {".sha512", "SHA-512"}, new String[] {".sha256", "SHA-256"}, new String[] {".sha1", "SHA-1"});

    private final Places places;
    private final Store store;
    private final List<Repository> repositories;
    private final Consumer<Progress> progress;

    /** @param repositories in the order in which they are asked */
    Fetcher(Places places, Store store, List<Repository> repositories, Consumer<Progress> progress) {
        this.places = places;
        this.store = store;
        this.repositories = repositories;
        this.progress = progress;
    }

    /** @param label for history and messages */
    Lock.Found fetch(Source source, String label) throws Refusal {
        try {
            if (source instanceof Source.Named named) {
                return named(named.name(), named.versions(), false)
                        .orElseThrow(() -> new Refusal(
                                "F001",
                                named.description(),
                                "is in no repository",
                                "asked were the distribution"
                                        + String.join(
                                                "",
                                                repositories.stream()
                                                        .map(r -> ", " + r.description())
                                                        .toList())));
            } else if (source instanceof Source.At at) {
                return Files.isDirectory(at.path()) ? folder(at.path(), label) : file(at.path(), label);
            } else if (source instanceof Source.Url url) {
                return url(url.uri(), label);
            }
            Source.Upload upload = (Source.Upload) source;
            Lock.Found found = take(upload.content(), upload.name(), label, repositories);
            sign(found, upload.signature().getBytes(StandardCharsets.UTF_8));
            return found;
        } catch (ZipException e) {
            throw new Refusal("F002", label, "is no whole archive: " + message(e), "copy or fetch it again");
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal("F002", label, "cannot be read: " + message(e), "");
        }
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private Lock.Found file(Path path, String label) throws IOException, Refusal {
        Lock.Found found;
        try (InputStream in = Files.newInputStream(path)) {
            found = take(in, String.valueOf(path.getFileName()), label, withNeighbours(path));
        }
        Path signature = path.resolveSibling(path.getFileName() + SIGNATURE);
        if (Files.isRegularFile(signature)) {
            try (InputStream in = Files.newInputStream(signature)) {
                sign(found, in.readNBytes(LONGEST_SIGNATURE));
            }
        }
        return found;
    }

    /** Keeps a signature with what it stands for: a roll back asks for it when its place may be empty. */
    private void sign(Lock.Found found, byte[] signature) throws IOException {
        if (signature.length > 0 && !found.entry().isShipped()) {
            store.putBeside(found.entry().artefact(), SIGNATURE, signature);
        }
    }

    /** A feature file may lie at the top of its own repository. */
    private List<Repository> withNeighbours(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        List<Repository> all = new ArrayList<>();
        if (folder != null && path.toString().endsWith(".json")) {
            all.add(new FolderRepository(folder.resolve("repository")));
            all.add(new FolderRepository(folder));
        }
        all.addAll(repositories);
        return all;
    }

    private Lock.Found folder(Path folder, String label) throws IOException, Refusal {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(f -> f.toString().endsWith(".json")).toList();
        }
        if (files.size() != 1) {
            throw new Refusal(
                    "F002",
                    label,
                    "has " + files.size() + " feature files (.json) at its top",
                    "it must have exactly one");
        }
        return file(files.get(0), label);
    }

    private Lock.Found url(URI uri, String label) throws IOException, Refusal {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!List.of("http", "https", "file").contains(scheme)) {
            throw new Refusal("F002", label, "is not a URL of http, https or file", "");
        }
        if (scheme.equals("file")) {
            return fetch(new Source.At(Path.of(uri)), label);
        }
        String path = String.valueOf(uri.getPath());
        Lock.Found found;
        try (InputStream in = RemoteRepository.connect(uri)) {
            found = take(in, path.substring(path.lastIndexOf('/') + 1), label, repositories);
        }
        try (InputStream in = RemoteRepository.connect(URI.create(uri + SIGNATURE))) {
            sign(found, in.readNBytes(LONGEST_SIGNATURE));
        } catch (IOException e) {
            LOG.debug("{} has no signature beside it: {}", uri, e.toString());
        }
        return found;
    }

    /**
     * A feature, or a bundle, by its name: from the first that has it, the distribution before all others.
     *
     * @param newest from whoever has the newest instead
     */
    Optional<Lock.Found> named(String name, String range, boolean newest) throws IOException, Refusal {
        int colon = name.indexOf(':');
        String group = colon < 0 ? "" : name.substring(0, colon);
        String artefact = name.substring(colon + 1);
        if (!artefact.matches("[A-Za-z0-9][A-Za-z0-9._+-]*") || !group.matches("[A-Za-z0-9._-]*")) {
            return Optional.empty();
        }
        Optional<FeatureList> shipped = places.shipped(artefact).filter(list -> Versions.within(list.version(), range));
        if (shipped.isPresent() && !newest) {
            return Optional.of(shipped(shipped.get()));
        }
        String best = shipped.map(FeatureList::version).orElse("");
        Repository from = null;
        Coordinates found = null;
        for (Repository repository : repositories) {
            try {
                Coordinates offered = repository.newest(group, artefact, range).orElse(null);
                if (offered != null && (best.isEmpty() || Versions.compare(offered.version(), best) > 0)) {
                    from = repository;
                    found = offered;
                    best = offered.version();
                    if (!newest) {
                        break;
                    }
                }
            } catch (IOException e) {
                LOG.warn("{} is left out: {}", repository.description(), message(e));
            }
        }
        return from == null || found == null ? shipped.map(Fetcher::shipped) : Optional.of(from(from, found));
    }

    private static Lock.Found shipped(FeatureList list) {
        return new Lock.Found(Lock.shippedEntry(list), list);
    }

    private Lock.Found from(Repository repository, Coordinates found) throws IOException, Refusal {
        List<String> types = found.type().isEmpty()
                ? Stream.concat(FolderRepository.FEATURE_TYPES.stream(), Stream.of("jar"))
                        .toList()
                : List.of(found.type());
        for (String type : types) {
            Coordinates file =
                    new Coordinates(found.group(), found.artefact(), found.version(), type, found.classifier());
            Optional<InputStream> open = repository.open(file, "");
            if (open.isPresent()) {
                Lock.Found taken;
                try (InputStream in = open.get()) {
                    taken = take(in, file.file(), repository.description() + " " + file, repositories);
                }
                sign(taken, signature(repository, file));
                return taken;
            }
        }
        throw new IOException(found + " has no file in " + repository.description());
    }

    /** What lies beside a file in a repository; empty if nothing does. */
    private static byte[] signature(Repository repository, Coordinates file) throws IOException {
        Optional<InputStream> open = repository.open(file, SIGNATURE);
        if (open.isEmpty()) {
            return new byte[0];
        }
        try (InputStream in = open.get()) {
            return in.readNBytes(LONGEST_SIGNATURE);
        }
    }

    /** Tells by the content what it is. */
    private Lock.Found take(InputStream in, String name, String label, List<Repository> from)
            throws IOException, Refusal {
        byte[] head = in.readNBytes(2);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), in);
        boolean zip = head.length == 2 && ((head[0] & 0xff) << 8 | head[1] & 0xff) == ZIP;
        if (!zip && ARCHIVES.stream().anyMatch(name::endsWith)) {
            throw new Refusal(
                    "F002", label, "is no archive: it does not begin as a zip file does", "copy or fetch it again");
        }
        if (!zip) {
            Store.Stored stored = put(whole, ".json", name);
            return feature(stored, stored, label, from);
        }
        Store.Stored stored = put(whole, ".jar", name);
        if (isArchive(stored.file())) {
            return archive(stored, label);
        }
        return bundle(stored, label);
    }

    private Store.Stored put(InputStream in, String ending, String name) throws IOException {
        return store.put(
                in,
                ending,
                ending.equals(".json") ? MOST_JSON : Jars.MOST_BYTES,
                size -> progress.accept(new Progress(Progress.Stage.FETCH, name, size, -1)));
    }

    private static boolean isArchive(Path zip) throws IOException {
        Jars.checkBounds(zip);
        try (ZipFile file = new ZipFile(zip.toFile())) {
            return top(file).size() == 1;
        }
    }

    private static List<ZipEntry> top(ZipFile file) {
        List<ZipEntry> top = new ArrayList<>();
        for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            if (entry.getName().matches("[^/]+\\.json") || entry.getName().matches("[^/]+\\.osgifeature")) {
                top.add(entry);
            }
        }
        return top;
    }

    private Lock.Found archive(Store.Stored archive, String label) throws IOException, Refusal {
        try (ZipFile file = new ZipFile(archive.file().toFile())) {
            Store.Stored json;
            try (InputStream in = file.getInputStream(top(file).get(0))) {
                json = put(in, ".json", label);
            }
            List<Repository> inside = new ArrayList<>();
            inside.add(new ArchiveRepository(file, label));
            inside.addAll(repositories);
            return feature(json, archive, label, inside);
        }
    }

    private Lock.Found bundle(Store.Stored jar, String label) throws IOException {
        Jars.Bundle bundle = Jars.read(jar.file());
        Pin pin = new Pin(BUNDLE_LEVEL, jar.sha256(), bundle.name(), bundle.version(), Pin.STORE);
        return found(
                new FeatureList(
                        bundle.name(),
                        bundle.version(),
                        FeatureList.BUNDLE,
                        bundle.headers().getOrDefault("Bundle-Name", "").replaceAll("\\s+", " "),
                        List.of(),
                        List.of(pin),
                        List.of(),
                        0),
                jar.sha256(),
                label);
    }

    private Lock.Found feature(Store.Stored json, Store.Stored artefact, String label, List<Repository> from)
            throws IOException, Refusal {
        FeatureFile file = FeatureFile.parse(Files.readString(json.file(), StandardCharsets.UTF_8));
        List<Pin> pins = new ArrayList<>();
        for (FeatureFile.Wanted wanted : file.bundles()) {
            pins.add(pin(wanted, file.name(), from));
        }
        List<Config> configs = new ArrayList<>();
        if (!file.configurations().isEmpty()) {
            configs.add(
                    new Config(store.put(file.configurations(), ".config.json").sha256(), Pin.STORE));
        }
        return found(
                new FeatureList(
                        file.name(),
                        file.version(),
                        FeatureList.FEATURE,
                        file.title(),
                        file.requires(),
                        pins,
                        configs,
                        file.isolated()),
                artefact.sha256(),
                label);
    }

    private Lock.Found found(FeatureList list, String artefact, String label) throws IOException {
        String sha256 = store.put(list.toString(), ".list").sha256();
        return new Lock.Found(
                new Lock.Entry(list.name(), list.version(), true, sha256, artefact, label.replaceAll("\\s+", " ")),
                list);
    }

    private Pin pin(FeatureFile.Wanted wanted, String feature, List<Repository> from) throws IOException, Refusal {
        List<String> unreachable = new ArrayList<>();
        for (Repository repository : from) {
            try {
                Optional<InputStream> open = repository.open(wanted.coordinates(), "");
                if (open.isPresent()) {
                    try (InputStream in = open.get()) {
                        Store.Stored stored =
                                put(in, ".jar", wanted.coordinates().toString());
                        verify(stored, wanted, repository);
                        byte[] signature = signature(repository, wanted.coordinates());
                        if (signature.length > 0) {
                            store.putBeside(stored.sha256(), SIGNATURE, signature);
                        }
                        Jars.Bundle bundle = Jars.read(stored.file());
                        return new Pin(wanted.level(), stored.sha256(), bundle.name(), bundle.version(), Pin.STORE);
                    }
                }
            } catch (IOException e) {
                if (!repository.isRemote()) {
                    throw new IOException(wanted.coordinates() + ": " + message(e), e);
                }
                unreachable.add(repository.description() + " (" + message(e) + ")");
            }
        }
        throw new Refusal(
                "F001",
                feature,
                "its bundle " + wanted.coordinates() + " is in no repository",
                unreachable.isEmpty() ? "" : "not reached: " + String.join(", ", unreachable));
    }

    private void verify(Store.Stored stored, FeatureFile.Wanted wanted, Repository repository)
            throws IOException, Refusal {
        String name = wanted.coordinates().toString();
        progress.accept(new Progress(Progress.Stage.VERIFY, name, 0, 1));
        if (!wanted.sha256().isEmpty() && !wanted.sha256().equalsIgnoreCase(stored.sha256())) {
            throw new Refusal(
                    "F003",
                    name,
                    "its SHA-256 is " + stored.sha256() + ", the feature says " + wanted.sha256(),
                    "the file in " + repository.description() + " is damaged or not the one that was meant");
        }
        for (String[] sum : SUMS) {
            Optional<InputStream> beside = repository.open(wanted.coordinates(), sum[0]);
            if (beside.isPresent()) {
                try (InputStream in = beside.get()) {
                    compare(stored.file(), sum[1], in, name, repository);
                }
                return;
            }
        }
    }

    private static void compare(Path file, String algorithm, InputStream beside, String name, Repository repository)
            throws IOException, Refusal {
        String expected = new String(beside.readNBytes(1024), StandardCharsets.US_ASCII)
                .strip()
                .split("\\s", 2)[0];
        try {
            String actual = Digests.of(file, MessageDigest.getInstance(algorithm));
            if (!actual.equalsIgnoreCase(expected)) {
                throw new Refusal(
                        "F003",
                        name,
                        "its " + algorithm + " is " + actual + ", the file beside it says " + expected,
                        "the file in " + repository.description() + " is damaged");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
