package org.fieldhouse.shell;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRules;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.history.HistoryStatus;
import org.fieldhouse.api.history.Intervals;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.shell.Places.Place;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Shows what points were, in the zone of the house. */
@Component(
        service = HistoryCommands.class,
        property = {"osgi.command.scope=fieldhouse", "osgi.command.function=history"})
public final class HistoryCommands {
    static final String NO_HISTORY = "nothing keeps what points were: the feature `history` is not installed;"
            + " `feature:install history` does it, and takes what the journal still has";

    private static final String USAGE =
            "history NAME.point [--from TIME] [--to TIME] [--every DURATION | --states]: history Hall.Temperature"
                    + " --from 18:00 --every 15m; a TIME is 18:05, 2026-11-21T18:05, or a duration ago such as 6h";

    private static final Duration SHOWN = Duration.ofHours(24);
    /** Rows that fit a screen; of states the latest are shown. */
    private static final int ROWS = 31;

    private static final int STATES = 50;
    private static final int BAR = 24;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofDays(1),
            Duration.ofDays(7),
            Duration.ofDays(30));

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable History history;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable RuleBook book;

    private final Places places;
    private final Clock clock;

    @Activate
    public HistoryCommands(@Reference House house) {
        this(house, Clock.systemUTC(), null, null);
    }

    HistoryCommands(House house, Clock clock, @Nullable History history, @Nullable RuleBook book) {
        places = new Places(house);
        this.clock = clock;
        this.history = history;
        this.book = book;
    }

    /** How much is kept. */
    public void history() {
        HistoryStatus status = present().status();
        Table table = new Table()
                .row("kept", status.kept() + " states, " + size(status.bytes()))
                .row("since", status.since() == null ? "" : Times.moment(status.since()))
                .row("in memory", status.waiting() + " states, which the journal has")
                .row("read up to", "event " + status.cursor() + ", " + status.behind() + " behind");
        if (status.damaged() > 0) {
            table.row("damaged", status.damaged() + " pieces, left out; the log names them");
        }
        if (!status.trouble().isEmpty()) {
            table.row("trouble", status.trouble());
        }
        System.out.println(table);
        System.out.println(USAGE);
    }

    /** What a point was: by intervals, or state by state. */
    public void history(String... words) {
        Question question = question(List.of(words));
        History asked = present();
        try {
            System.out.println(question.title());
            if (question.listed) {
                states(asked, question);
            } else {
                intervals(asked, question);
            }
        } catch (StoreException | IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private History present() {
        History now = history;
        if (now == null) {
            throw new CommandFailure(NO_HISTORY);
        }
        return now;
    }

    /** What was asked. */
    private record Question(
            Place place,
            Instant from,
            Instant to,
            Duration every,
            boolean listed,
            ZoneId zone,
            DateTimeFormatter times) {
        String title() {
            return Names.quoted(place.device().name()) + '.' + place.spec().name() + " from " + times.format(from)
                    + " to " + times.format(to) + " (" + zone + ")";
        }
    }

    private Question question(List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        StringBuilder name = new StringBuilder();
        while (!left.isEmpty() && !left.peek().startsWith("--")) {
            name.append(name.isEmpty() ? "" : " ").append(left.pop());
        }
        if (name.isEmpty()) {
            throw new CommandFailure(USAGE);
        }
        Place place = places.place(name.toString());
        ValueKind kind = place.spec().value().kind();
        boolean listed = kind != ValueKind.QUANTITY && kind != ValueKind.BOOL;
        ZoneId zone = zone();
        Instant now = clock.instant();
        Instant to = now;
        Instant from = null;
        Duration every = null;
        while (!left.isEmpty()) {
            String option = left.pop();
            if (option.equals("--states")) {
                listed = true;
                continue;
            }
            String value = value(left);
            switch (option) {
                case "--from" -> from = time(value, now, zone);
                case "--to" -> to = time(value, now, zone);
                case "--every" -> every = span(value);
                default -> throw new CommandFailure("there is no option " + option + "; " + USAGE);
            }
        }
        Instant begin = from == null ? to.minus(SHOWN) : from;
        if (!begin.isBefore(to)) {
            throw new CommandFailure("nothing lies between " + begin + " and " + to + ": --from is not before --to");
        }
        Duration step = every == null ? step(Duration.between(begin, to)) : every;
        return new Question(place, begin, to, step, listed && every == null, zone, times(begin, to, zone));
    }

    private static String value(Deque<String> left) {
        StringBuilder value = new StringBuilder();
        while (!left.isEmpty() && !left.peek().startsWith("--")) {
            value.append(value.isEmpty() ? "" : " ").append(left.pop());
        }
        if (value.isEmpty()) {
            throw new CommandFailure(USAGE);
        }
        return value.toString();
    }

    private ZoneId zone() {
        RuleBook rules = book;
        return rules == null ? ZoneId.systemDefault() : rules.zone();
    }

    private static Instant time(String text, Instant now, ZoneId zone) {
        if (text.matches("\\d+(\\.\\d+)?\\s*(ms|s|m|min|h|d)(\\s.*)?")) {
            return now.minus(span(text));
        }
        return text.matches("\\d{4}-\\d\\d-\\d\\d")
                ? Times.instant(text + "T00:00", now, zone)
                : Times.instant(text, now, zone);
    }

    private static Duration span(String text) {
        return Literals.duration(text.replaceAll("(?<=[\\d\\s])m(?=\\s|$)", "min"));
    }

    private static Duration step(Duration whole) {
        return STEPS.stream()
                .filter(step -> whole.dividedBy(step) <= ROWS)
                .findFirst()
                .orElse(STEPS.get(STEPS.size() - 1));
    }

    /** With the offset where the clock is set between the two times: some hours come twice then. */
    private static DateTimeFormatter times(Instant from, Instant to, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        ZoneOffset first = rules.getOffset(from);
        boolean shorter = Duration.between(from, to).compareTo(Duration.ofMinutes(30)) <= 0;
        String pattern = (shorter ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm")
                + (first.equals(rules.getOffset(to)) ? "" : "xxx");
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone);
    }

    private static void states(History history, Question question) throws StoreException {
        PointSpec spec = question.place.spec();
        Deque<PastState> latest = new ArrayDeque<>();
        long[] all = {0};
        history.before(question.place.id(), question.from).ifPresent(latest::add);
        history.read(question.place.id(), question.from, question.to, state -> {
            all[0]++;
            if (latest.size() == STATES) {
                latest.pop();
            }
            latest.add(state);
            return true;
        });
        Table table = new Table().row("SINCE", "VALUE", "QUALITY");
        DateTimeFormatter exact = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT)
                .withZone(question.zone);
        for (PastState state : latest) {
            table.row(
                    exact.format(state.time()),
                    Places.word(spec, state.value()),
                    state.quality().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        System.out.println(table.isEmpty() ? "Nothing was reported." : table);
        if (all[0] > STATES) {
            System.out.println("The latest " + STATES + " of " + all[0] + "; --from and --to show others.");
        }
    }

    private static void intervals(History history, Question question) throws StoreException {
        List<Instant> edges = Intervals.edges(question.from, question.to, question.every, question.zone);
        List<Aggregate> all = history.aggregates(question.place.id(), edges);
        double least = all.stream()
                .mapToDouble(Aggregate::min)
                .filter(n -> !Double.isNaN(n))
                .min()
                .orElse(0);
        double most = all.stream()
                .mapToDouble(Aggregate::max)
                .filter(n -> !Double.isNaN(n))
                .max()
                .orElse(0);
        boolean share = question.place.spec().value().kind() == ValueKind.BOOL;
        Table table = share
                ? new Table()
                        .row(
                                "FROM",
                                question.place.spec().value().word(Bool.ON).toUpperCase(Locale.ROOT),
                                "",
                                "CHANGES",
                                "KNOWN")
                : new Table().row("FROM", "MIN", "MEAN", "MAX", "", "CHANGES", "KNOWN");
        for (Aggregate each : all) {
            String time = question.times.format(each.from());
            String known = each.known() > 0.9995 ? "" : percent(each.known());
            String changes = Long.toString(each.changes());
            boolean nothing = Double.isNaN(each.mean());
            if (share) {
                table.row(time, nothing ? "–" : percent(each.mean()), bar(each.mean(), 0, 1), changes, known);
            } else {
                table.row(
                        time,
                        nothing ? "–" : number(each.min(), each.unit()),
                        nothing ? "–" : number(each.mean(), each.unit()),
                        nothing ? "–" : number(each.max(), each.unit()),
                        bar(each.mean(), least, most),
                        changes,
                        known);
            }
        }
        System.out.println(table);
        if (!share && least < most) {
            System.out.println("The bars go from " + number(least, all.get(0).unit()) + " to "
                    + number(most, all.get(0).unit()) + ".");
        }
        if (all.stream().allMatch(each -> each.known() == 0)) {
            System.out.println("Nothing is known of that time.");
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String number(double number, Unit unit) {
        double places = Math.abs(number) >= 1_000 ? 1 : Math.abs(number) >= 10 ? 100 : 10_000;
        return new Quantity(Math.rint(number * places) / places, unit).toString();
    }

    private static String bar(double number, double least, double most) {
        if (Double.isNaN(number)) {
            return "";
        }
        int eighths = most > least ? (int) Math.round((number - least) / (most - least) * BAR * 8) : 0;
        String bar = "█".repeat(eighths / 8) + (eighths % 8 == 0 ? "" : EIGHTHS.charAt(eighths % 8));
        return bar.isEmpty() ? "▏" : bar;
    }

    private static String size(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1_024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1_048_576.0);
    }
}
