package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.benchmarks.proof.MortalFiles.Life;
import org.fieldhouse.rules.service.RuleEngineService;
import org.fieldhouse.rules.service.RulesConfig;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.command.CommandCentre;
import org.fieldhouse.runtime.config.DrivenDirectory;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.journal.JournalSettings;
import org.fieldhouse.store.sqlite.SqliteStore;

/**
 * Kills a reload of two edited rule files at each of its steps, one after the other: every change of a file and every write to the
 * journal. What is in force after that is the old set or the new one, in the directory and in the engine, never some of both.
 */
public final class ReloadWalk {
    private static final int RULES = 2;
    private static final String BROKEN = "rule when\n";

    private final Path folder;
    private final int stride;
    private final List<String> wrong = new ArrayList<>();

    /** @param stride 1 to die in every step, 2 in every other */
    ReloadWalk(Path folder, int stride) {
        this.folder = folder;
        this.stride = stride;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("fieldhouse-reload");
        ReloadWalk walk = new ReloadWalk(folder, 1);
        List<String> steps = walk.all();
        for (int i = 0; i < steps.size(); i++) {
            System.out.println(i + 1 + " " + steps.get(i));
        }
        System.out.println(steps.size() + " steps, " + walk.wrong.size() + " differences");
        walk.wrong.forEach(System.out::println);
        Day.clear(folder);
        System.exit(walk.wrong.isEmpty() ? 0 : 1);
    }

    List<String> wrong() {
        return wrong;
    }

    /** Two rule files, which fit together only if they are of the same version: files are saved one by one, and taken in at once. */
    static void edit(Path home, int a, int b) throws IOException {
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(
                home.resolve("rules/a.rules"),
                "rule \"a" + a + "\" when every 1 h mode single do wait 5 min set V" + a + " = on end\n");
        Files.writeString(
                home.resolve("rules/b.rules"),
                "variable V" + b + " = off\nrule \"b" + b + "\" when every 1 h do log \"b\" end\n");
    }

    /** Walks until a reload lives through all of its steps; their names. */
    List<String> all() throws IOException {
        Path first = folder.resolve("first");
        edit(first, 1, 1);
        try (Home home = new Home(first, new Life())) {
            home.await(Set.of("a1", "b1"));
        }
        for (int fatal = 1; ; fatal += stride) {
            Path home = folder.resolve("home");
            copy(first, home);
            Life life = new Life();
            try (Home running = new Home(home, life)) {
                running.await(Set.of("a1", "b1"));
                running.settle();
                edit(home, 2, 2);
                life.arm(fatal);
                running.reload();
            }
            judge(home, "step " + fatal + ", " + life.last());
            if (!life.isDead()) {
                return life.steps();
            }
        }
    }

    /** A home in which that version of the two files is in force; they do not have to fit together. */
    void begin(Path home, String a, String b) throws IOException {
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(home.resolve("rules/a.rules"), a);
        Files.writeString(home.resolve("rules/b.rules"), b);
        try (Home first = new Home(home, new Life())) {
            first.until(() -> first.look().size() == RULES && first.files().equals(first.look()));
        } catch (IllegalStateException e) {
            // That is what the control is about.
        }
    }

    /** Starts it again, once with the files as they are, and once with one that is broken, so that the last good ones serve. */
    void judge(Path home, String when) throws IOException {
        Path broken = folder.resolve("broken");
        copy(home, broken);
        Files.writeString(broken.resolve("rules/a.rules"), BROKEN);
        try (Home again = new Home(broken, new Life())) {
            Set<String> kept = again.awaitAny();
            Set<String> files = again.files();
            if (!kept.equals(files) || !isWhole(files)) {
                wrong.add(when + ": the directory has " + files + ", the engine " + kept);
                // What was mixed never becomes whole; nobody waits for it.
                return;
            }
        } catch (IllegalStateException e) {
            wrong.add(when + ": " + e.getMessage());
        }
        try (Home again = new Home(home, new Life())) {
            again.await(Set.of("a2", "b2"));
        } catch (IllegalStateException e) {
            wrong.add(when + ": " + e.getMessage());
        }
    }

    private static boolean isWhole(Set<String> names) {
        return names.equals(Set.of("a1", "b1")) || names.equals(Set.of("a2", "b2"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Day.clear(to);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    /** Directory, journal, bus and rules on one folder. */
    private static final class Home implements AutoCloseable {
        private final Life life;
        private final SqliteStore store;
        private final Bus bus;
        private final DeviceHost host;
        private final RuleEngineService rules;
        private final DrivenDirectory directory;
        /** Sets that the engine was seen with. */
        private final Set<Set<String>> seen = new HashSet<>();

        Home(Path home, Life life) {
            this.life = life;
            Path root = new MortalFiles(life).path(home.toAbsolutePath());
            store = new SqliteStore(home.resolve("data"), Clock.systemUTC());
            BusSettings settings = BusSettings.DEFAULT.withJournal(JournalSettings.DEFAULT.withCommit(Duration.ZERO));
            bus = new Bus(settings, mortal(store), Clock.systemUTC(), System::nanoTime);
            AtomicLong ids = new AtomicLong(bus.firstSequence());
            host = new DeviceHost(
                    bus,
                    Clock.systemUTC(),
                    ids::incrementAndGet,
                    DeviceHost.Limits.DEFAULT,
                    CommandCentre.Times.DEFAULT);
            Services services = new Services(bus, HouseModel.EMPTY, life::isDead, asked -> {});
            rules = new RuleEngineService(services, services, services.journal(), services, defaults());
            rules.start();
            look();
            directory = new DrivenDirectory(root, root.resolve("data"), host, bus);
            directory.add(rules);
        }

        private static RulesConfig defaults() {
            return (RulesConfig) Proxy.newProxyInstance(
                    RulesConfig.class.getClassLoader(),
                    new Class<?>[] {RulesConfig.class},
                    (proxy, method, args) -> method.getDefaultValue());
        }

        private JournalStore mortal(JournalStore real) {
            Set<String> writes = Set.of("append", "prune", "putSnapshot");
            return (JournalStore) Proxy.newProxyInstance(
                    JournalStore.class.getClassLoader(), new Class<?>[] {JournalStore.class}, (proxy, method, args) -> {
                        if (writes.contains(method.getName()) && !life.step("journal: " + method.getName())) {
                            throw new StoreException("killed");
                        }
                        try {
                            return method.invoke(real, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        void reload() {
            directory.reload();
            // The engine goes over behind the directory's back, and keeps its state then.
            until(() -> life.isDead()
                    || (look().equals(Set.of("a2", "b2")) && bus.committedSequence() == bus.lastSequence()));
        }

        private Set<String> look() {
            Set<String> names =
                    rules.rules().stream().map(RuleInfo::name).collect(Collectors.toCollection(TreeSet::new));
            seen.add(names);
            return names;
        }

        void await(Set<String> wanted) {
            until(() -> look().equals(wanted) && files().equals(wanted));
        }

        Set<String> awaitAny() {
            until(() -> look().size() >= RULES && !directory.reload().isEmpty());
            return look();
        }

        /** A start takes the files as they are at that moment; an edit in the midst of it would be taken by halves. */
        void settle() {
            directory.settle();
        }

        /** What the directory has in force, by the names of the rules in it. */
        Set<String> files() {
            return directory.files().stream()
                    .map(file -> file.text().split("\"")[1])
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private void until(BooleanSupplier done) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!done.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("waited in vain; in force are " + files() + " and " + look());
                }
                LockSupport.parkNanos(500_000);
            }
        }

        @Override
        public void close() {
            directory.close();
            rules.stop();
            host.close();
            bus.stop();
            store.close();
            for (Set<String> each : seen) {
                if (!each.isEmpty() && !isWhole(each)) {
                    throw new IllegalStateException("for a moment the engine had " + each);
                }
            }
        }
    }
}
