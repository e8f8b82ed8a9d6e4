package org.fieldhouse.features;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.felix.hc.api.HealthCheck;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.IsolatedProcess;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.api.feature.Vetting;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.features.lock.Digests;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.MissingException;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A distribution, a home and a real framework, booted from the lock as the launcher does it. */
final class HouseOnTrial implements AutoCloseable, Engine.Surroundings {
    final Path distribution;
    final Path home;
    final Places places;
    final List<HealthCheck> checks = new ArrayList<>();
    final List<Vetting> vettings = new ArrayList<>();
    final List<String> requiredVettings = new ArrayList<>();
    final List<Fact.AuditRecorded> audits = new ArrayList<>();
    final List<Repository> repositories = new ArrayList<>();
    final Map<String, Dictionary<String, Object>> configurations = new TreeMap<>();
    final List<Progress> progress = new ArrayList<>();
    final FakeIsolation processes = new FakeIsolation();
    /** What was tried. */
    final List<Trial.Guest> guests = new ArrayList<>();
    /** What becomes of it. */
    Trial trial = guest -> new Trial.Outcome("", "", List.of());

    Trials.Whom tried = Trials.Whom.UNSIGNED;
    Probe probe = Probe.NONE;
    Framework framework;
    Engine engine;

    HouseOnTrial(Path folder) throws IOException {
        distribution = Files.createDirectories(folder.resolve("distribution"));
        home = Files.createDirectories(folder.resolve("home"));
        places = new Places(distribution, home.resolve("data"));
        Files.createDirectories(distribution.resolve("features"));
        Files.createDirectories(distribution.resolve("repository"));
        Files.createDirectories(home.resolve("config"));
        repositories.add(new FolderRepository(distribution.resolve("repository")));
    }

    // ---- things to install

    /** Manifest headers as {@code Name: value}. */
    static Path jar(Path file, String name, String version, String... headers) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        for (String header : headers) {
            main.putValue(
                    header.substring(0, header.indexOf(':')),
                    header.substring(header.indexOf(':') + 1).strip());
        }
        try {
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file);
                    JarOutputStream jar = new JarOutputStream(out, manifest)) {
                put(jar, FailingActivator.class);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static void put(ZipOutputStream jar, Class<?> type) throws IOException {
        String path = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(path));
        try (InputStream in = type.getResourceAsStream('/' + path)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }

    /** In the distribution's repository; a line of a list. */
    String shippedBundle(int level, String name, String version, String... headers) throws IOException {
        Path jar = jar(
                distribution.resolve("repository/t/" + name + '/' + version + '/' + name + '-' + version + ".jar"),
                name,
                version,
                headers);
        return "bundle " + level + ' ' + Digests.sha256(jar) + ' ' + name + ' ' + version + ' '
                + distribution.relativize(jar) + '\n';
    }

    void shipped(String name, String version, String... lines) throws IOException {
        Files.writeString(
                distribution.resolve("features/" + name + ".list"),
                "feature " + name + ' ' + version + " FEATURE The " + name + '\n' + String.join("", lines));
        Files.writeString(distribution.resolve("features/" + name + ".json"), "{}");
    }

    /** A file with configurations in the distribution; a line of a list. */
    String shippedConfiguration(String name, String json) throws IOException {
        Path file = distribution.resolve("features/" + name + ".config.json");
        Files.writeString(file, configuration(json));
        return "config " + Digests.sha256(file) + " features/" + name + ".config.json\n";
    }

    static String configuration(String json) {
        return "{\":configurator:resource-version\":1,\":configurator:symbolic-name\":\"t\",\":configurator:version\":\"1.0.0\","
                + json + "}";
    }

    // ---- boot

    void boot(String... chosen) throws BundleException, IOException, MissingException {
        Lock lock = Lock.forStart(places.pinned().orElse(Lock.EMPTY), List.of(chosen), places);
        Path cache = home.resolve("data/cache");
        boolean warm = Files.exists(places.stamp());
        if (!warm && Files.exists(cache)) {
            try (var all = Files.walk(cache)) {
                for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(p);
                }
            }
        }
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", cache.toString(),
                        "org.osgi.framework.startlevel.beginning", "10",
                        "felix.cache.locking", "false",
                        "felix.log.level", "0"));
        framework.init();
        if (!warm) {
            BundleContext context = framework.getBundleContext();
            for (Pin pin : lock.bundles()) {
                Bundle bundle =
                        context.installBundle("reference:" + pin.jar(places).toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(pin.level());
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            Files.createDirectories(places.data());
            Files.writeString(places.stamp(), "warm");
        }
        framework.start();
        configurations.clear();
        configurations.putAll(defaults().of(lock.configs()));
        engine = new Engine(framework.getBundleContext(), places, lock, this, step -> probe.at(step));
    }

    void stop() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws BundleException {
        if (framework != null) {
            stop();
        }
    }

    /** Name, version and state of what is in the framework, and the configurations. */
    Set<String> running() {
        Set<String> all = Arrays.stream(framework.getBundleContext().getBundles())
                .filter(b -> b.getBundleId() != 0)
                .map(b -> b.getSymbolicName()
                        + ' '
                        + b.getVersion()
                        + (b.getState() == Bundle.ACTIVE ? "" : " not active"))
                .collect(Collectors.toCollection(TreeSet::new));
        configurations.forEach((pid, values) -> all.add(pid + '=' + values));
        return all;
    }

    Result apply(Change change) {
        Result result = engine.apply(change, Engine.label(change), Cue.user("test"), progress::add);
        engine.sweep();
        return result;
    }

    Result install(Path file) {
        return apply(new Change.Install(new Source.At(file)));
    }

    Result install(String name) {
        return apply(new Change.Install(new Source.Named(name, "")));
    }

    Result remove(String name) {
        return apply(new Change.Remove(name));
    }

    // ---- surroundings

    @Override
    public Generations generations() {
        return new FileGenerations();
    }

    @Override
    public Defaults defaults() {
        return new Defaults(places, home.resolve("config"), admin());
    }

    @Override
    public HealthGate gate() {
        ServiceComponentRuntime none = (ServiceComponentRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceComponentRuntime.class}, (p, m, a) -> List.of());
        return new HealthGate(none, checks, 200);
    }

    @Override
    public Vetter vetter() {
        return new Vetter(vettings, requiredVettings);
    }

    @Override
    public HotSwap swap() {
        return null;
    }

    @Override
    public Isolation isolation() {
        return processes;
    }

    @Override
    public Trial trial() {
        return guest -> {
            guests.add(guest);
            return trial.of(guest);
        };
    }

    @Override
    public Trials.Whom tried() {
        return tried;
    }

    /** Remembers what was asked of it. */
    static final class FakeIsolation implements Isolation {
        final Map<String, IsolatedFeature> running = new TreeMap<>();
        String refuse = "";

        @Override
        public void run(IsolatedFeature feature) throws IOException {
            if (feature.name().equals(refuse)) {
                throw new IOException("no coffee");
            }
            running.put(feature.name(), feature);
        }

        @Override
        public void keep(IsolatedFeature feature) {
            running.put(feature.name(), feature);
        }

        @Override
        public void restart(String feature) {
            throw new UnsupportedOperationException(feature);
        }

        @Override
        public void end(String feature) {
            running.remove(feature);
        }

        @Override
        public List<IsolatedProcess> processes() {
            return running.values().stream()
                    .map(f -> new IsolatedProcess(f.name(), 7, 0, f.heapMegabytes(), 0, "", false))
                    .toList();
        }
    }

    @Override
    public void audit(Fact.AuditRecorded fact, Cue cue) {
        audits.add(fact);
    }

    @Override
    public List<Repository> repositories() {
        return repositories;
    }

    private ConfigurationAdmin admin() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (p, method, a) ->
                        held(method.getName().equals("getFactoryConfiguration") ? a[0] + "~" + a[1] : (String) a[0]));
    }

    @SuppressWarnings("unchecked")
    private Configuration held(String pid) {
        Consumer<Object> set = values -> configurations.put(pid, (Dictionary<String, Object>) values);
        return (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Configuration.class}, (p, method, a) -> {
                    switch (method.getName()) {
                        case "getProperties":
                            return configurations.get(pid);
                        case "delete":
                            configurations.remove(pid);
                            return null;
                        case "updateIfDifferent":
                            set.accept(a[0]);
                            return true;
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    /** In the format of the configuration directory, each step of the disk a step of the probe. */
    private final class FileGenerations implements Generations {
        private final Path folder = places.data().resolve("generations");

        private Map<Long, Path> lists() throws IOException {
            Map<Long, Path> lists = new TreeMap<>();
            if (Files.isDirectory(folder)) {
                try (var all = Files.list(folder)) {
                    all.filter(f -> f.getFileName().toString().matches("\\d{1,9}"))
                            .forEach(f ->
                                    lists.put(Long.parseLong(f.getFileName().toString()), f));
                }
            }
            return lists;
        }

        @Override
        public List<Kept> kept() {
            try {
                List<Kept> all = new ArrayList<>();
                lists().keySet().forEach(n -> all.add(0, new Kept(n, Instant.EPOCH, "", List.of(Places.LOCK))));
                return all;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<SourceFile> files(long generation) throws IOException {
            Path list = lists().get(generation);
            if (list == null) {
                throw new IOException("generation " + generation + " is not kept");
            }
            String hash = Files.readAllLines(list).get(1).split(" ")[0];
            return List.of(new SourceFile(Places.LOCK, Files.readString(folder.resolve(hash))));
        }

        @Override
        public long pin(SourceFile file, Cue cue) throws IOException {
            Files.createDirectories(folder);
            long number = lists().keySet().stream().mapToLong(n -> n).max().orElse(0) + 1;
            byte[] bytes = file.text().getBytes(StandardCharsets.UTF_8);
            String hash = HexFormat.of().formatHex(Digests.sha256().digest(bytes));
            probe.at("generation content");
            Files.write(folder.resolve(hash), bytes);
            String list = number + "\n" + hash + ' ' + Places.LOCK + '\n';
            probe.at("generation list");
            Files.writeString(folder.resolve(Long.toString(number)), list);
            Path half = Files.writeString(folder.resolve(".current.new"), list);
            probe.at("generation rename");
            Files.move(
                    half,
                    folder.resolve("current"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return number;
        }

        @Override
        public List<Problem> restore(long generation, SourceFile instead, Cue cue) throws IOException {
            pin(instead, cue);
            return List.of();
        }
    }
}
