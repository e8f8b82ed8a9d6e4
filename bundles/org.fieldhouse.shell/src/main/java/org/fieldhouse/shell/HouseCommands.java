package org.fieldhouse.shell;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.DeviceStatistics;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.shell.Places.Place;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Looks at devices and points, and tells them what to do. */
@Component(
        service = HouseCommands.class,
        property = {
            "osgi.command.scope=fieldhouse",
            "osgi.command.function=devices",
            "osgi.command.function=device",
            "osgi.command.function=points",
            "osgi.command.function=send",
            "osgi.command.function=relinquish"
        })
public final class HouseCommands {
    /** How long the prompt waits for a command's end; the command itself goes on. */
    private static final long PATIENCE_SECONDS = 15;

    private static final Pattern WORD = Pattern.compile("(?:`[^`]*`|\\S)+");

    private final @Nullable RuleBook book;
    private final House house;
    private final CommandRouter router;
    private final Places places;
    private final Clock clock;

    @Activate
    public HouseCommands(
            @Reference House house,
            @Reference CommandRouter router,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book) {
        this(house, router, book, Clock.systemUTC());
    }

    HouseCommands(House house, CommandRouter router, @Nullable RuleBook book, Clock clock) {
        this.book = book;
        this.house = house;
        this.router = router;
        this.clock = clock;
        places = new Places(house);
    }

    /** All devices: name, type, status, what their main point is. */
    public void devices() {
        Table table = new Table().row("NAME", "TYPE", "STATUS", "IS", "BINDING");
        house.model().devices().stream()
                .sorted(Comparator.comparing(DeviceInfo::name))
                .forEach(d -> table.row(
                        Names.quoted(d.name()),
                        d.description().type(),
                        d.status().condition().name().toLowerCase(Locale.ROOT),
                        main(d),
                        d.binding()));
        out().println(table.isEmpty() ? "There are no devices; write devices/*.yaml or see `candidates`." : table);
    }

    private String main(DeviceInfo device) {
        String point = device.description().mainPoint();
        if (point == null) {
            return "";
        }
        State state = house.state(new PointId(device.id(), point));
        return Places.word(device.description().point(point).orElse(null), state.value()) + quality(state);
    }

    private static String quality(State state) {
        return switch (state.quality()) {
            case GOOD -> "";
            case NEVER_REPORTED -> " (never reported)";
            default -> " (" + state.quality().name().toLowerCase(Locale.ROOT) + ')';
        };
    }

    /** One device with everything that is known of it. */
    public void device(String name) {
        DeviceInfo d = places.device(name);
        PrintStream out = out();
        out.println(Names.quoted(d.name()) + " · " + d.description().type() + " · " + d.status());
        Table facts = new Table();
        facts.row("  id", d.id().value()).row("  binding", d.binding());
        if (d.bridge() != null) {
            facts.row(
                    "  through",
                    house.model()
                            .device(d.bridge())
                            .map(DeviceInfo::name)
                            .orElse(d.bridge().value()));
        }
        d.description().details().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> facts.row("  " + e.getKey(), e.getValue()));
        DeviceStatistics counted = house.statistics(d.id());
        facts.row("  opened", counted.openings() + " times, " + counted.failures() + " failed or lost");
        facts.row(
                "  bad input",
                counted.malformed() + " skipped, " + counted.undescribed() + " reports of unknown points"
                        + (counted.lastMalformed().isEmpty() ? "" : "; last: " + counted.lastMalformed()));
        out.println(facts);
        out.println(points(List.of(d)));
        for (ActionSpec action : d.description().actions()) {
            out.println("action " + action.name() + '('
                    + String.join(
                            ", ",
                            action.arguments().stream()
                                    .map(a -> a.name() + ": " + a.value().describe())
                                    .toList())
                    + ')');
        }
        for (EventSpec event : d.description().events()) {
            out.println("event " + event.name());
        }
        asked(d, out);
    }

    /** All that is asked of a device's points, strongest first. */
    private void asked(DeviceInfo d, PrintStream out) {
        for (PointSpec point : d.description().points()) {
            PriorityArray asked = house.priorities(new PointId(d.id(), point.name()));
            for (PriorityArray.Entry entry : asked.entries()) {
                out.println("asked of " + point.name() + ": " + Places.word(point, entry.value()) + " at slot "
                        + entry.slot()
                        + word(entry.slot())
                        + " by " + entry.holder()
                        + (entry.untilMicros() == 0
                                ? ""
                                : " until " + Times.clock(entry.untilMicros(), Times.zone(book))));
            }
        }
    }

    /** What rule files call a slot; slots between the classes have no word. */
    private static String word(int slot) {
        for (PriorityClass each : PriorityClass.values()) {
            if (each.slot() == slot) {
                return " (" + each.name().toLowerCase(Locale.ROOT) + ")";
            }
        }
        return "";
    }

    /** All points of all devices. */
    public void points() {
        out().println(points(house.model().devices()));
    }

    /** The points of one device. */
    public void points(String name) {
        DeviceInfo device = places.device(name);
        PrintStream out = out();
        out.println(points(List.of(device)));
        asked(device, out);
    }

    private Table points(List<DeviceInfo> devices) {
        Table table = new Table().row("POINT", "VALUE", "QUALITY", "AGE", "CAN BE");
        long now = Times.micros(clock.instant());
        devices.stream().sorted(Comparator.comparing(DeviceInfo::name)).forEach(d -> {
            for (PointSpec point : d.description().points()) {
                State state = house.state(new PointId(d.id(), point.name()));
                String range = point.value().describe();
                table.row(
                        Names.quoted(d.name()) + '.' + point.name(),
                        Places.word(point, state.value()),
                        state.quality().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        state.value() == null ? "" : Times.age(now - state.receivedMicros()),
                        point.access().writable() ? range + ", settable" : range);
            }
        });
        return table;
    }

    /** {@code send NAME.point VALUE [with …] [for DURATION]} or {@code send NAME.action [ARGUMENTS]}. */
    public void send(String... words) {
        if (words.length == 0) {
            throw new CommandFailure(
                    "send NAME.point VALUE [with PARAMETER VALUE, …] [for DURATION], or send NAME.action [ARGUMENT=VALUE …]");
        }
        List<String> all = words(String.join(" ", words).strip());
        String target = all.get(0);
        int bracket = target.indexOf('(');
        String text = String.join(" ", all.subList(1, all.size()));
        if (bracket > 0) {
            text = (target.substring(bracket + 1) + ' ' + text).strip();
            text = text.endsWith(")") ? text.substring(0, text.length() - 1) : text;
            target = target.substring(0, bracket);
        }
        Place place = places.place(target);
        ActionSpec action = place.action();
        Request request = action != null
                ? new Request.CallAction(
                        place.device().id(), action.name(), Sentences.arguments(text, action.arguments()))
                : write(place, all.subList(1, all.size()));
        follow(request);
    }

    /** By spaces, but a name in back-quotes is one word. */
    private static List<String> words(String text) {
        List<String> out = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            out.add(word.group());
        }
        return out;
    }

    private static Request write(Place place, List<String> words) {
        Sentences.Write write = Sentences.write(words);
        PointSpec spec = place.spec();
        Value value = Literals.parse(write.value(), spec.value());
        String hold = write.hold().orElse("");
        return new Request.SetPoint(
                place.id(),
                value,
                PriorityClass.MANUAL.slot(),
                hold.isEmpty() ? null : hold.equals("ever") ? Duration.ZERO : Literals.duration(hold),
                Sentences.parameters(write.parameters(), place));
    }

    /** Takes a person's hand off a point, so that rules decide again. */
    public void relinquish(String name) {
        follow(new Request.Relinquish(places.place(name).id(), PriorityClass.MANUAL.slot()));
    }

    private void follow(Request request) {
        long begun = System.nanoTime();
        try {
            CommandTicket ticket = router.send(request, Cue.user(Times.user()));
            CommandResult result = ticket.ended().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String outcome = result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String text = "command " + ticket.id() + ' ' + outcome
                    + (result.reason().isEmpty() ? "" : ": " + result.reason())
                    + String.format(Locale.ROOT, " (%.1f ms)", (System.nanoTime() - begun) / 1e6);
            if (result.outcome() == CommandResult.Outcome.FAILED
                    || result.outcome() == CommandResult.Outcome.TIMED_OUT) {
                throw new CommandFailure(text);
            }
            out().println(text);
        } catch (CommandRefusedException e) {
            throw new CommandFailure("refused: " + e.getMessage());
        } catch (TimeoutException e) {
            out().println("no answer yet; the command goes on, `watch` shows its end");
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The shell gives each session's thread its own. */
    private static PrintStream out() {
        return System.out;
    }
}
