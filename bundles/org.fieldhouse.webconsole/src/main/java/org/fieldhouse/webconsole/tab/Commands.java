package org.fieldhouse.webconsole.tab;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Literals;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.webconsole.login.Session;
import org.fieldhouse.webconsole.tab.Tab.Refused;

/** What the forms of a device's page ask for, sent for the person who is logged in. Any thread. */
final class Commands {
    /** How long the page waits for a command's end; the command itself goes on. */
    private static final long PATIENCE_SECONDS = 5;

    /** What is not among them is for the house to say. */
    private static final Map<String, Duration> HOLDS = Map.of(
            "15 min",
            Duration.ofMinutes(15),
            "2 h",
            Duration.ofHours(2),
            "8 h",
            Duration.ofHours(8),
            "until released",
            Duration.ZERO);

    static final List<String> HOLD_WORDS = List.of("as usual", "15 min", "2 h", "8 h", "until released");

    private final CommandRouter router;

    Commands(CommandRouter router) {
        this.router = router;
    }

    /** How a command ended, in one sentence with who asked. */
    record Ended(long command, boolean good, String text) {}

    Ended set(DeviceInfo device, HttpServletRequest request, Session session) throws Refused {
        PointSpec point = point(device, request);
        Value value = value(point.name(), Tab.parameter(request, "value"), point.value());
        Request.SetPoint asked = new Request.SetPoint(
                new PointId(device.id(), point.name()),
                value,
                PriorityClass.MANUAL.slot(),
                HOLDS.get(Tab.parameter(request, "hold")),
                arguments(point.parameters(), request));
        return send(
                asked, session, Names.quoted(device.name()) + '.' + point.name() + " = " + Words.value(point, value));
    }

    Ended release(DeviceInfo device, HttpServletRequest request, Session session) throws Refused {
        PointSpec point = point(device, request);
        return send(
                new Request.Relinquish(new PointId(device.id(), point.name()), PriorityClass.MANUAL.slot()),
                session,
                "release " + Names.quoted(device.name()) + '.' + point.name());
    }

    Ended call(DeviceInfo device, HttpServletRequest request, Session session) throws Refused {
        String name = Tab.parameter(request, "action");
        ActionSpec action = device.description()
                .action(name)
                .orElseThrow(() -> new Refused(Names.quoted(device.name()) + " has no action " + name + " any more."));
        Map<String, Value> arguments = arguments(action.arguments(), request);
        return send(
                new Request.CallAction(device.id(), name, arguments),
                session,
                Names.quoted(device.name()) + '.' + name + (arguments.isEmpty() ? "" : arguments));
    }

    private static PointSpec point(DeviceInfo device, HttpServletRequest request) throws Refused {
        String name = Tab.parameter(request, "point");
        return device.description()
                .point(name)
                .orElseThrow(() -> new Refused(Names.quoted(device.name()) + " has no point " + name + " any more."));
    }

    /** Fields are called {@code with.NAME}; one that was left empty is not given. */
    private static Map<String, Value> arguments(List<ArgumentSpec> specs, HttpServletRequest request) throws Refused {
        Map<String, Value> arguments = new HashMap<>();
        for (ArgumentSpec spec : specs) {
            String text = Tab.parameter(request, "with." + spec.name());
            if (!text.isEmpty()) {
                arguments.put(spec.name(), value(spec.name(), text, spec.value()));
            } else if (spec.required()) {
                throw new Refused(spec.name() + " is missing: " + spec.value().describe() + ".");
            }
        }
        return arguments;
    }

    private static Value value(String name, String text, ValueSpec spec) throws Refused {
        try {
            return Literals.parse(text, spec);
        } catch (IllegalArgumentException e) {
            throw new Refused("Nothing was sent. " + name + ": " + e.getMessage() + ".");
        }
    }

    private Ended send(Request request, Session session, String what) throws Refused {
        long begun = System.nanoTime();
        CommandTicket ticket;
        try {
            ticket = router.send(request, Cue.user(session.user()));
        } catch (CommandRefusedException e) {
            throw new Refused("Refused, nothing was sent: " + e.getMessage());
        }
        String text = "Command " + ticket.id() + " of user " + session.user() + ", " + what + ": ";
        try {
            CommandResult result = ticket.ended().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new Ended(
                    ticket.id(),
                    result.ok(),
                    text
                            + Words.word(result.outcome())
                            + (result.reason().isEmpty() ? "" : ", " + result.reason())
                            + String.format(Locale.ROOT, " (%.0f ms)", (System.nanoTime() - begun) / 1e6));
        } catch (TimeoutException e) {
            return new Ended(ticket.id(), true, text + "on its way; this page shows what becomes of it");
        } catch (ExecutionException e) {
            return new Ended(ticket.id(), false, text + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(ticket.id(), true, text + "on its way; the house is stopping");
        }
    }
}
