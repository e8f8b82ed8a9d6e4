package org.fieldhouse.store.sqlite;

import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The store as a service. */
@Component(configurationPid = "org.fieldhouse.store.sqlite", service = JournalStore.class)
@Designate(ocd = SqliteConfig.class)
public final class SqliteStoreComponent implements JournalStore {
    private final SqliteStore store;

    @Activate
    public SqliteStoreComponent(BundleContext context, SqliteConfig config) {
        Path directory = directory(context, config.directory());
        NativeLibrary.prepare(directory.resolveSibling("native"));
        store = new SqliteStore(directory, Clock.systemUTC());
    }

    private static Path directory(BundleContext context, String configured) {
        if (!configured.isBlank()) {
            return Path.of(configured).toAbsolutePath();
        }
        String home = context.getProperty("fieldhouse.home");
        if (home != null) {
            return Path.of(home, "data", "journal").toAbsolutePath();
        }
        File own = context.getDataFile("journal");
        return own == null ? Path.of("journal").toAbsolutePath() : own.toPath();
    }

    @Deactivate
    void close() {
        store.close();
    }

    @Override
    public void append(List<JournalBlock> blocks) throws StoreException {
        store.append(blocks);
    }

    @Override
    public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
        store.read(fromSequence, reader);
    }

    @Override
    public Optional<JournalBlock> findByTime(long micros) throws StoreException {
        return store.findByTime(micros);
    }

    @Override
    public long lastSequence() throws StoreException {
        return store.lastSequence();
    }

    @Override
    public long firstSequence() throws StoreException {
        return store.firstSequence();
    }

    @Override
    public void prune(long beforeSequence) throws StoreException {
        store.prune(beforeSequence);
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        store.putSnapshot(name, snapshot);
    }

    @Override
    public List<Snapshot> snapshots(String name) throws StoreException {
        return store.snapshots(name);
    }

    @Override
    public long unreadable() {
        return store.unreadable();
    }

    @Override
    public long size() throws StoreException {
        return store.size();
    }
}
