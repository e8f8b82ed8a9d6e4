package org.fieldhouse.shell;

import java.io.IOException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.State;
import org.jspecify.annotations.Nullable;

/** A live tail of the bus at a prompt. The bus thread fills a bounded queue, the shell's thread prints it. */
final class Watch {
    private static final int WAITING = 1_024;

    private final House house;
    private final Places places;
    private final @Nullable DeviceId only;
    private final ZoneId zone;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING);

    Watch(House house, Places places, @Nullable DeviceId only, ZoneId zone) {
        this.house = house;
        this.places = places;
        this.only = only;
        this.zone = zone;
    }

    /** Prints until a line is typed, the thread is interrupted, or nobody reads any more. */
    void run(EventBus bus) throws IOException, InterruptedException {
        String name = "watch-" + Long.toHexString(System.nanoTime());
        long lost = 0;
        System.out.println("ENTER or Ctrl-C ends it.");
        try (Subscription subscription = bus.subscribe(name, Overflow.DROP_OLDEST, WAITING, this::take)) {
            while (System.in.available() == 0 && !System.out.checkError()) {
                String line = lines.poll(200, TimeUnit.MILLISECONDS);
                if (line != null) {
                    System.out.println(line);
                }
                if (subscription.dropped() > lost) {
                    System.out.println(
                            "… " + (subscription.dropped() - lost) + " events were too many for this terminal");
                    lost = subscription.dropped();
                }
            }
        }
        while (System.in.available() > 0 && System.in.read() != '\n') {
            // what was typed to end it
        }
    }

    private void take(Event event) throws InterruptedException {
        String text = describe(event.fact());
        if (text != null) {
            // Waits: while this handler waits the subscription drops its oldest, and counts them.
            lines.put(
                    Times.clock(event.timeMicros(), zone) + "  #" + event.sequence() + "  " + text + by(event.cause()));
        }
    }

    private static String by(Cause cause) {
        return switch (cause.origin()) {
            case RULE -> "  ← rule " + cause.rule();
            case USER -> "  ← " + cause.actor();
            default -> "";
        };
    }

    private @Nullable String describe(Fact fact) {
        if (only != null && !only.equals(device(fact))) {
            return null;
        }
        if (fact instanceof Fact.StateChanged f) {
            return places.name(f.point()) + "  " + word(f.point(), f.before()) + " → " + word(f.point(), f.after());
        } else if (fact instanceof Fact.StateReported f) {
            return places.name(f.point()) + "  " + word(f.point(), f.state());
        } else if (fact instanceof Fact.DeviceSignalled f) {
            return name(f.device()) + " says " + f.event()
                    + (f.arguments().isEmpty()
                            ? ""
                            : " " + Places.line(f.arguments().toString()));
        } else if (fact instanceof Fact.StatusChanged f) {
            return name(f.device()) + " is " + f.after();
        } else if (fact instanceof Fact.CommandAccepted f) {
            return "command " + f.command().id() + ": " + request(f.command().request());
        } else if (fact instanceof Fact.CommandEnded f) {
            String reason = f.result().reason();
            return "command " + f.command() + ' '
                    + f.result().outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (reason.isEmpty() ? "" : ": " + Places.line(reason));
        } else if (fact instanceof Fact.VariableChanged f) {
            return "variable " + f.name() + " = " + Places.line(String.valueOf(f.after()));
        } else if (fact instanceof Fact.NotificationRequested f) {
            return "notify " + (f.recipient().isEmpty() ? "everybody" : f.recipient()) + ": " + Places.line(f.text());
        } else if (fact instanceof Fact.ConfigurationActivated f) {
            return "generation " + f.generation() + " is in force: " + String.join(", ", f.changed());
        } else if (fact instanceof Fact.ConfigurationRejected f) {
            return "an edit was not taken:"
                    + f.problems().stream().map(p -> "\n    " + p).collect(Collectors.joining());
        } else if (fact instanceof Fact.CandidateFound f) {
            return "found " + f.candidate().suggestedName() + ": "
                    + f.candidate().title();
        } else if (fact instanceof Fact.ClockStepped f) {
            return "the clock was set from " + Times.moment(f.beforeMicros()) + " to " + Times.moment(f.afterMicros());
        } else if (fact instanceof Fact.PrioritiesChanged || fact instanceof Fact.TimerElapsed) {
            return null;
        }
        return Places.line(fact.toString());
    }

    private static @Nullable DeviceId device(Fact fact) {
        if (fact instanceof Fact.StateChanged f) {
            return f.point().device();
        } else if (fact instanceof Fact.StateReported f) {
            return f.point().device();
        } else if (fact instanceof Fact.DeviceSignalled f) {
            return f.device();
        } else if (fact instanceof Fact.StatusChanged f) {
            return f.device();
        } else if (fact instanceof Fact.CommandAccepted f) {
            return f.command().request().device();
        }
        return null;
    }

    private String request(Request request) {
        if (request instanceof Request.SetPoint set) {
            return places.name(set.point()) + " = " + Places.word(spec(set.point()), set.value())
                    + (set.parameters().isEmpty() ? "" : " with " + set.parameters());
        } else if (request instanceof Request.Relinquish release) {
            return "release " + places.name(release.point());
        } else if (request instanceof Request.CallAction call) {
            return name(call.device())
                    + '.'
                    + call.action()
                    + (call.arguments().isEmpty() ? "" : " " + call.arguments());
        }
        return "read " + name(request.device());
    }

    private String name(DeviceId id) {
        return house.model().device(id).map(d -> Names.quoted(d.name())).orElse(id.value());
    }

    private @Nullable PointSpec spec(PointId id) {
        return house.model().point(id).orElse(null);
    }

    private String word(PointId id, State state) {
        String word = Places.word(spec(id), state.value());
        return state.quality().isGood()
                ? word
                : word + " (" + state.quality().name().toLowerCase(Locale.ROOT) + ')';
    }
}
