package org.fieldhouse.webconsole.tab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.webconsole.tab.Tab.Refused;
import org.jspecify.annotations.Nullable;

/** Changes of features: planned first, kept until somebody presses the button, then made one after the other beside the pages. */
final class Changes implements AutoCloseable {
    private static final int MOST_PLANS = 8;
    private static final int MOST_STEPS = 100;

    private final Features features;
    private final Uploads uploads;
    /** Guarded by itself; the oldest goes first, with its upload. */
    private final Map<String, Planned> plans = new LinkedHashMap<>();
    /** One change, and one that waits for it. */
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1), task -> {
                Thread thread = new Thread(task, "fieldhouse-webconsole-change");
                thread.setDaemon(true);
                return thread;
            });

    private volatile @Nullable Run last;

    Changes(Features features, Uploads uploads) {
        this.features = features;
        this.uploads = uploads;
    }

    /**
     * A change that was tried dry.
     *
     * @param title for people
     */
    record Planned(String id, String title, Change change, Plan plan) {}

    /** A change that is being made, or was. */
    static final class Run {
        private final String title;
        private final Deque<Progress> steps = new ArrayDeque<>();
        private volatile @Nullable Result result;
        private volatile String failure = "";

        private Run(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** On the thread of the features. A download tells its bytes again and again: the last word on a subject stands. */
        private void step(Progress step) {
            synchronized (steps) {
                Progress before = steps.peekLast();
                if (before != null
                        && before.stage() == step.stage()
                        && before.subject().equals(step.subject())) {
                    steps.removeLast();
                }
                steps.addLast(step);
                if (steps.size() > MOST_STEPS) {
                    steps.removeFirst();
                }
            }
        }

        List<Progress> steps() {
            synchronized (steps) {
                return List.copyOf(steps);
            }
        }

        Optional<Result> result() {
            return Optional.ofNullable(result);
        }

        /** Why there is no result; empty if nothing went wrong. */
        String failure() {
            return failure;
        }

        boolean isOver() {
            return result != null || !failure.isEmpty();
        }
    }

    /** Tries it dry; takes as long as reading and looking at the files does. */
    Planned plan(String title, Change change) {
        Planned planned = new Planned(UUID.randomUUID().toString(), title, change, hand(change, features::plan));
        synchronized (plans) {
            plans.put(planned.id, planned);
            if (plans.size() > MOST_PLANS) {
                drop(plans.remove(plans.keySet().iterator().next()));
            }
        }
        return planned;
    }

    Planned planned(String id) throws Refused {
        synchronized (plans) {
            Planned planned = plans.get(id);
            if (planned == null) {
                throw new Refused("That plan was made already, or is too old: begin again.");
            }
            return planned;
        }
    }

    /** Tries the same once more: whom the administrator trusts may have changed. An upload goes from the old plan to the new one. */
    Planned again(String id) throws Refused {
        Planned planned = planned(id);
        synchronized (plans) {
            plans.remove(id);
        }
        return plan(planned.title, planned.change);
    }

    /** Begins to make it; {@link #last} tells how it goes. */
    void make(String id, String user) throws Refused {
        Planned planned = planned(id);
        Run run = new Run(planned.title);
        try {
            executor.execute(() -> run(planned, run, user));
        } catch (RejectedExecutionException e) {
            throw new Refused("Two changes are on their way already: wait for them.");
        }
        last = run;
        synchronized (plans) {
            plans.remove(id);
        }
    }

    private void run(Planned planned, Run run, String user) {
        try {
            run.result = hand(planned.change, change -> features.apply(change, Cue.user(user), run::step));
        } catch (RuntimeException e) {
            run.failure = String.valueOf(e);
        } finally {
            drop(planned);
        }
    }

    /** An upload goes on under its own name and with its signature: the place where it waits is nobody's business. */
    private <T> T hand(Change change, Function<Change, T> to) {
        Path upload = upload(change);
        if (upload == null || !(change instanceof Change.Install install)) {
            return to.apply(change);
        }
        try (InputStream in = Files.newInputStream(upload)) {
            return to.apply(new Change.Install(uploads.source(upload, in), install.isolated()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Path upload(Change change) {
        return change instanceof Change.Install install
                        && install.source() instanceof Source.At at
                        && uploads.has(at.path())
                ? at.path()
                : null;
    }

    private void drop(@Nullable Planned planned) {
        Path upload = planned == null ? null : upload(planned.change);
        if (upload != null) {
            uploads.drop(upload);
        }
    }

    Optional<Run> last() {
        return Optional.ofNullable(last);
    }

    /** Waits for nothing: the change that goes on may be what stops us. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** A name, a URL or a path on the machine of the house. */
    static Source source(String what, String versions) throws Refused {
        if (what.isEmpty()) {
            throw new Refused("Name a feature, a file or a URL.");
        }
        try {
            if (what.matches("(https?|file):.*")) {
                return new Source.Url(URI.create(what));
            }
            return what.contains("/") ? new Source.At(Path.of(what)) : new Source.Named(what, versions);
        } catch (IllegalArgumentException e) {
            throw new Refused("'" + what + "' is neither a name nor a path nor a URL: " + e.getMessage());
        }
    }
}
