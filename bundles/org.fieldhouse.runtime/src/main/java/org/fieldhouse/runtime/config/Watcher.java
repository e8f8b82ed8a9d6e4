package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when something in the folders may have changed: at once where the system tells, and every {@value #POLL_SECONDS} s anyway
 * (network drives and containers often tell nothing). One thread of its own.
 */
final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final long POLL_SECONDS = 2;
    /** Editors write a file in several steps; this long after the last of them it is taken to be whole. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Most editors are through with all steps by then, so what is read after it is most often what stays. */
    private static final long GATHER_MILLIS = 3;
    /** Where something is written all the time, it is not waited for its end. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(POLL_SECONDS);

    private final Supplier<Set<Path>> folders;
    private final Consumer<Watcher> changed;
    private final Thread thread;
    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private volatile boolean closed;
    /** Counts what the system told. */
    private volatile long told;
    /** When it told last, {@link System#nanoTime}. */
    private volatile long toldNanos = System.nanoTime() - LONGEST_NANOS;

    /**
     * @param folders to be watched, asked again and again; they need not exist
     * @param changed called on the watcher's thread, with this
     */
    Watcher(Path root, Supplier<Set<Path>> folders, Consumer<Watcher> changed) {
        this.folders = folders;
        this.changed = changed;
        WatchService made = null;
        try {
            made = root.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("Changes in {} are noticed within {} s only: {}", root, POLL_SECONDS, e.toString());
        }
        service = made;
        thread = new Thread(this::run, "fieldhouse-config-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                register();
                WatchService watch = service;
                if (watch == null) {
                    TimeUnit.SECONDS.sleep(POLL_SECONDS);
                } else {
                    gather(watch, watch.poll(POLL_SECONDS, TimeUnit.SECONDS));
                }
                if (!closed) {
                    changed.accept(this);
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // closed
        }
    }

    private void gather(WatchService watch, @Nullable WatchKey first) throws InterruptedException {
        long end = System.nanoTime() + SETTLE_NANOS;
        for (WatchKey key = first; key != null; key = watch.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS)) {
            key.pollEvents();
            key.reset();
            toldNanos = System.nanoTime();
            told = told + 1;
            if (toldNanos > end) {
                return;
            }
        }
    }

    /** Grows with whatever the system tells. Any thread. */
    long told() {
        return told;
    }

    /** Waits until nothing has been told for 20 ms, but not longer than 2 s; whether more was told than {@code before}. Any thread. */
    boolean settle(long before) {
        long begun = System.nanoTime();
        while (!closed) {
            long now = System.nanoTime();
            long left = SETTLE_NANOS - (now - toldNanos);
            if (left <= 0 || now - begun > LONGEST_NANOS) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        return told != before;
    }

    private void register() {
        WatchService watch = service;
        if (watch == null) {
            return;
        }
        for (Path folder : folders.get()) {
            WatchKey known = keys.get(folder);
            if (known != null && known.isValid() || !Files.isDirectory(folder)) {
                continue;
            }
            try {
                keys.put(
                        folder,
                        folder.register(
                                watch,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_MODIFY,
                                StandardWatchEventKinds.ENTRY_DELETE));
            } catch (IOException e) {
                LOG.debug("{} cannot be watched: {}", folder, e.toString());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.debug("Closing the watch: {}", e.toString());
            }
        }
    }
}
