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
    private static final long SETTLE_MILLIS = 20;

    private final Supplier<Set<Path>> folders;
    private final Runnable changed;
    private final Thread thread;
    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private volatile boolean closed;

    /**
     * @param folders to be watched, asked again and again; they need not exist
     * @param changed called on the watcher's thread
     */
    Watcher(Path root, Supplier<Set<Path>> folders, Runnable changed) {
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
                    settle(watch, watch.poll(POLL_SECONDS, TimeUnit.SECONDS));
                }
                if (!closed) {
                    changed.run();
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // closed
        }
    }

    /** Waits until no more is told for a moment. */
    private static void settle(WatchService watch, @Nullable WatchKey first) throws InterruptedException {
        WatchKey key = first;
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = watch.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
        }
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
