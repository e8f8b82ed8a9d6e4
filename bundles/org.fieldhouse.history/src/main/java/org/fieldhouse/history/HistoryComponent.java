package org.fieldhouse.history;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.history.HistoryStatus;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.history.Aggregator.Span;
import org.fieldhouse.history.store.Store;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The history as a service, and its health: a history that cannot be written is a warning, the house runs on. */
@Component(
        service = {History.class, HealthCheck.class},
        immediate = true,
        configurationPid = "org.fieldhouse.history",
        property = {"hc.name=history", "hc.tags=fieldhouse"})
@Designate(ocd = HistoryConfig.class)
public final class HistoryComponent implements History, HealthCheck {
    private final Recorder recorder;
    private final Clock clock;

    @Activate
    public HistoryComponent(@Reference Journal journal, HistoryConfig config, BundleContext context) {
        this(
                directory(context, config.directory()),
                journal,
                settings(config),
                Store.Limits.DEFAULT,
                Clock.systemUTC());
    }

    HistoryComponent(Path directory, Journal journal, Recorder.Settings settings, Store.Limits limits, Clock clock) {
        this.clock = clock;
        recorder = new Recorder(directory, journal, settings, limits, clock);
        recorder.start();
    }

    private static Path directory(BundleContext context, String configured) {
        if (!configured.isBlank()) {
            return Path.of(configured).toAbsolutePath();
        }
        String home = context.getProperty("fieldhouse.home");
        if (home != null) {
            return Path.of(home, "data", "history").toAbsolutePath();
        }
        File own = context.getDataFile("history");
        return own == null ? Path.of("history").toAbsolutePath() : own.toPath();
    }

    private static Recorder.Settings settings(HistoryConfig config) {
        return new Recorder.Settings(
                Duration.ofDays(within(config.keepDays(), 1, 36_500)),
                within(config.keepMegabytes(), 64, 1_048_576) << 20,
                Duration.ofSeconds(within(config.writeSeconds(), 1, 3_600)),
                within(config.memoryKilobytes(), 256, 65_536) << 10,
                config.reports(),
                Duration.ofDays(within(config.holdDays(), 0, 400)));
    }

    private static long within(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }

    @Deactivate
    void close() {
        recorder.stop();
    }

    @Override
    public void read(PointId point, Instant from, Instant to, Predicate<PastState> reader) throws StoreException {
        try {
            recorder.store().read(point, from, to, reader);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public Optional<PastState> before(PointId point, Instant time) throws StoreException {
        try {
            return recorder.store().before(point, time);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static StoreException unreadable(IOException e) {
        return new StoreException("the history cannot be read: " + e.getMessage(), e);
    }

    @Override
    public List<Aggregate> aggregates(PointId point, List<Instant> edges) throws StoreException {
        check(edges);
        Instant from = edges.get(0);
        Instant to = edges.get(edges.size() - 1);
        PastState first = before(point, from).orElse(null);
        PastState last = before(point, to).orElse(null);
        Aggregator sums = new Aggregator(edges, absences(from, to), first, unit(last));
        read(point, from, to, state -> {
            sums.add(state);
            return true;
        });
        Instant now = clock.instant();
        return sums.finish(now.isBefore(to) ? now : to);
    }

    private static void check(List<Instant> edges) {
        if (edges.size() < 2 || edges.size() > MOST_INTERVALS + 1) {
            throw new IllegalArgumentException("2 to " + (MOST_INTERVALS + 1) + " edges, not " + edges.size());
        }
        for (int i = 1; i < edges.size(); i++) {
            if (!edges.get(i - 1).isBefore(edges.get(i))) {
                throw new IllegalArgumentException(edges.get(i - 1) + " is not before " + edges.get(i));
            }
        }
    }

    private static Unit unit(@Nullable PastState last) {
        return last != null && last.value() instanceof Quantity quantity ? quantity.unit() : Unit.ONE;
    }

    /** When the house did not run. */
    private List<Span> absences(Instant from, Instant to) throws StoreException {
        List<Span> spans = new ArrayList<>();
        Instant[] down = {null};
        if (before(Recorder.RUNNING, from).filter(HistoryComponent::isDown).isPresent()) {
            down[0] = from;
        }
        read(Recorder.RUNNING, from, to, state -> {
            if (isDown(state)) {
                down[0] = state.time();
            } else if (down[0] != null) {
                spans.add(new Span(down[0], state.time()));
                down[0] = null;
            }
            return true;
        });
        if (down[0] != null) {
            spans.add(new Span(down[0], to));
        }
        return spans;
    }

    private static boolean isDown(PastState state) {
        return Bool.OFF.equals(state.value());
    }

    @Override
    public HistoryStatus status() {
        return recorder.status();
    }

    @Override
    public Result execute() {
        HistoryStatus status = status();
        if (!status.trouble().isEmpty()) {
            return new Result(
                    Result.Status.WARN,
                    "the history cannot be kept: " + status.trouble() + "; " + status.behind()
                            + " events wait in the journal");
        }
        if (status.damaged() > 0) {
            return new Result(
                    Result.Status.WARN,
                    status.damaged() + " pieces of the history are damaged and left out; the log names them");
        }
        return new Result(Result.Status.OK, status.kept() + " states kept");
    }
}
