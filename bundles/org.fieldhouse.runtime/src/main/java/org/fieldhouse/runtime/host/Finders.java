package org.fieldhouse.runtime.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.binding.FinderContext;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the finders of bindings look, each on a thread that lives for one look. Without a finder there is neither thread nor timer.
 * Thread-safe.
 */
final class Finders {
    private static final Logger LOG = LoggerFactory.getLogger(Finders.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** How long the end of a look is waited for when its finder goes. */
    private static final Duration PARTING = Duration.ofSeconds(2);

    private final Scheduler scheduler;
    private final Discovery discovery;
    private final FinderContext context;
    private final Map<Finder, Search> searches = new ConcurrentHashMap<>();
    private volatile boolean begun;
    private volatile boolean closed;

    Finders(Scheduler scheduler, Discovery discovery, FinderContext context) {
        this.scheduler = scheduler;
        this.discovery = discovery;
        this.context = context;
    }

    /** The house knows its devices: what is among them is not found anew. Looks begin; once for all. */
    void begin() {
        if (!begun) {
            begun = true;
            searches.values().forEach(Search::begin);
        }
    }

    void add(Finder finder) {
        Search search = new Search(finder);
        searches.put(finder, search);
        if (begun) {
            search.begin();
        }
    }

    /** Returns when it does not look any more, or after two seconds. */
    void remove(Finder finder) {
        Search search = searches.remove(finder);
        if (search != null) {
            search.end();
        }
    }

    /** What is looked for and not found, each with the reason. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Search search : searches.values()) {
            String line = search.line;
            if (line != null) {
                lines.add(line);
            }
        }
        lines.sort(null);
        return List.copyOf(lines);
    }

    void close() {
        closed = true;
        List.copyOf(searches.keySet()).forEach(this::remove);
    }

    private final class Search {
        private final Finder finder;
        private final Backoff backoff = new Backoff(
                FIRST_PAUSE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextDouble());
        /** Guarded by this, as all below. */
        private Set<DeviceId> offered = new HashSet<>();

        private @Nullable Thread looking;
        private @Nullable Cancellable next;
        private boolean ended;
        private volatile @Nullable String line;

        Search(Finder finder) {
            this.finder = finder;
        }

        synchronized void begin() {
            if (looking == null && next == null && !ended) {
                startLook();
            }
        }

        private void startLook() {
            Thread thread = new Thread(this::lookOnce, "fieldhouse-finder");
            thread.setDaemon(true);
            looking = thread;
            next = null;
            thread.start();
        }

        private void lookOnce() {
            Thread self = Thread.currentThread();
            Cancellable limit = scheduler.after(LIMIT, self::interrupt);
            List<Candidate> found = List.of();
            String why = null;
            try {
                found = List.copyOf(finder.look(context));
            } catch (BindingException e) {
                why = Objects.requireNonNullElse(e.getMessage(), e.toString());
            } catch (InterruptedException e) {
                why = "given up after " + LIMIT.toSeconds() + " s";
            } catch (RuntimeException | Error e) {
                why = "internal error: " + e;
                LOG.debug("{} failed", finder.getClass().getName(), e);
            } finally {
                limit.cancel();
            }
            ended(found, why);
        }

        private synchronized void ended(List<Candidate> found, @Nullable String why) {
            looking = null;
            if (ended) {
                return;
            }
            offer(found);
            String before = line;
            if (why == null) {
                line = null;
                backoff.reset();
            } else {
                line = finder.title() + ": " + why;
                if (before == null) {
                    // Once, whatever becomes of the reason: who waits for it sees the line.
                    LOG.info("Not found yet, {}; looked for again at least every minute", line);
                }
            }
            Duration pause = why == null ? LONGEST_PAUSE : backoff.next();
            next = closed ? null : scheduler.after(pause, this::again);
        }

        private synchronized void again() {
            if (!ended) {
                startLook();
            }
        }

        private void offer(List<Candidate> found) {
            Set<DeviceId> now = new HashSet<>();
            for (Candidate candidate : found) {
                now.add(candidate.id());
                if (discovery.found(this, candidate) && !offered.contains(candidate.id())) {
                    LOG.info("Found, and a candidate now: {}", candidate.title());
                }
            }
            offered.stream().filter(id -> !now.contains(id)).forEach(id -> discovery.notFound(this, id));
            offered = now;
        }

        void end() {
            Thread thread;
            synchronized (this) {
                ended = true;
                line = null;
                Cancellable planned = next;
                next = null;
                if (planned != null) {
                    planned.cancel();
                }
                offer(List.of());
                thread = looking;
            }
            if (thread != null) {
                part(thread);
            }
        }

        private void part(Thread thread) {
            thread.interrupt();
            try {
                TimeUnit.MILLISECONDS.timedJoin(thread, PARTING.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                LOG.warn(
                        "{} does not end its look although it was interrupted",
                        finder.getClass().getName());
            }
        }
    }
}
