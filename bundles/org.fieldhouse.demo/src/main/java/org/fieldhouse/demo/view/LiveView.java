package org.fieldhouse.demo.view;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.demo.sim.FrameLog.Frame;
import org.fieldhouse.demo.view.Sheet.Ink;
import org.jspecify.annotations.Nullable;

/**
 * Gathers events into chains (what came in, which rule acted, what it commanded, how that ended) and writes each as one block when
 * its commands have ended. Reports that lead to nothing are only counted. Everything it keeps is bounded.
 */
final class LiveView implements EventHandler {
    /** Events among which a chain's beginning is looked for before the journal is asked. */
    private static final int REMEMBERED = 1_024;

    /** Problems of a broken edit that are shown. */
    private static final int PROBLEMS = 8;

    private static final int OPEN_CHAINS = 64;
    /** How far back a beginning is looked for. */
    private static final int DEPTH = 16;
    /** A block is written when nothing was added for so long, or its commands ended and so long has passed. */
    private static final long QUIET_NANOS = 150_000_000L;

    private static final long PATIENCE_NANOS = 8_000_000_000L;

    /** Finds the message behind an event. */
    @FunctionalInterface
    interface Frames {
        /**
         * @param device its name in the house
         * @param micros time of the event
         * @param part what the message contains
         */
        Optional<Frame> before(String device, long micros, String part);
    }

    private final Sheet sheet;
    private final Wording wording;
    private final LongFunction<Optional<Event>> journal;
    private final Frames frames;
    private final LongSupplier nanos;
    private final Tally tally = new Tally();
    private final Map<Long, Event> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Event> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<Long, Chain> open = new LinkedHashMap<>();
    private final Map<Long, Chain> byCommand = new HashMap<>();
    private boolean muted = true;

    /**
     * @param journal finds an event that is no longer remembered
     * @param frames finds the message behind an event
     * @param nanos a clock for waiting
     */
    LiveView(Sheet sheet, Wording wording, LongFunction<Optional<Event>> journal, Frames frames, LongSupplier nanos) {
        this.sheet = sheet;
        this.wording = wording;
        this.journal = journal;
        this.frames = frames;
        this.nanos = nanos;
    }

    @Override
    public synchronized void onEvent(Event event) {
        tally.event(event.fact());
        recent.put(event.sequence(), event);
        Fact fact = event.fact();
        if (muted) {
            return;
        }
        if (fact instanceof Fact.CommandAccepted accepted) {
            Chain chain = chain(event);
            chain.command(accepted.command().id(), event);
            byCommand.put(accepted.command().id(), chain);
        } else if (fact instanceof Fact.CommandEnded ended) {
            ended(event, ended);
        } else if (fact instanceof Fact.NotificationRequested || fact instanceof Fact.VariableChanged) {
            chain(event).note(event);
        } else {
            alone(event);
        }
    }

    private void ended(Event event, Fact.CommandEnded ended) {
        Chain chain = byCommand.remove(ended.command());
        if (chain == null) {
            return;
        }
        Event accepted = chain.ended(ended.command(), event);
        chain.touched = nanos.getAsLong();
        if (chain.written && accepted != null && accepted.fact() instanceof Fact.CommandAccepted a) {
            boolean wrong = isWrong(ended.result());
            sheet.at(
                    event.timeMicros(),
                    wrong ? Ink.WRONG : Ink.GOOD,
                    wrong ? "✗" : "✓",
                    wording.request(a.command().request()) + "  " + outcome(ended.result()));
            sheet.gap();
        }
    }

    private static boolean isWrong(CommandResult result) {
        return switch (result.outcome()) {
            case FAILED, TIMED_OUT, UNKNOWN -> true;
            default -> false;
        };
    }

    private static String outcome(CommandResult result) {
        String word = result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return result.reason().isEmpty() ? word : word + ": " + result.reason();
    }

    private Chain chain(Event event) {
        Event root = root(event);
        long key = root == null ? event.sequence() : root.sequence();
        Chain chain = open.computeIfAbsent(key, k -> new Chain(root));
        chain.touched = nanos.getAsLong();
        if (open.size() > OPEN_CHAINS) {
            write(open.entrySet().iterator().next().getKey());
        }
        return chain;
    }

    /** The outside event at the beginning; null if it is not on record. */
    private @Nullable Event root(Event event) {
        Event found = null;
        long parent = event.cause().parent();
        for (int i = 0; i < DEPTH && parent != 0; i++) {
            long sequence = parent;
            Event known = recent.get(sequence);
            Event next = known != null ? known : journal.apply(sequence).orElse(null);
            if (next == null) {
                break;
            }
            found = next;
            parent = next.cause().parent();
        }
        return found;
    }

    /** Until then events are only remembered: the start of a house is long and dull. */
    synchronized void begin(Runnable heading) {
        heading.run();
        muted = false;
        tally.take();
    }

    /** Writes a line of its own between the blocks. */
    synchronized void between(Runnable line) {
        line.run();
    }

    /** Writes what is complete or has waited long enough. Called a few times a second. */
    synchronized void flush() {
        long now = nanos.getAsLong();
        for (Iterator<Map.Entry<Long, Chain>> i = Map.copyOf(open).entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .iterator();
                i.hasNext(); ) {
            Map.Entry<Long, Chain> entry = i.next();
            long quiet = now - entry.getValue().touched;
            if (quiet > (entry.getValue().isComplete() ? QUIET_NANOS : PATIENCE_NANOS)) {
                write(entry.getKey());
            }
        }
    }

    /** Everything since the last time, for the line below. */
    synchronized Tally.Sum sum() {
        return tally.take();
    }

    private void write(long key) {
        Chain chain = open.remove(key);
        if (chain == null) {
            return;
        }
        chain.written = true;
        if (byCommand.size() > OPEN_CHAINS) {
            byCommand.values().removeIf(c -> c.written);
        }
        long zero = begin(chain);
        Cause.@Nullable RuleRef last = null;
        for (Chain.Link link : chain.links) {
            Cause.RuleRef rule = link.event.cause().rule();
            if (rule != null && (last == null || !rule.name().equals(last.name()))) {
                sheet.after(
                        accepted(link.event) - zero,
                        Ink.RULE,
                        "rule",
                        '"' + rule.name() + "\"  " + rule.file() + ':' + rule.line());
            } else if (rule == null && chain.root != null) {
                sheet.after(accepted(link.event) - zero, Ink.RULE, "by", actor(link.event.cause()));
            }
            last = rule;
            link(link, zero);
        }
        sheet.gap();
    }

    private static long accepted(Event event) {
        return event.fact() instanceof Fact.CommandAccepted a
                ? Math.min(a.command().acceptedMicros(), event.timeMicros())
                : event.timeMicros();
    }

    /** The lines of what began it; returns the time the others count from. */
    private long begin(Chain chain) {
        Event root = chain.root;
        if (root == null) {
            Event first = chain.links.get(0).event;
            long zero = accepted(first);
            sheet.at(zero, Ink.EVENT, "asked", "by " + actor(first.cause()));
            return zero;
        }
        Frame frame = frame(root);
        if (frame == null) {
            sheet.at(root.timeMicros(), Ink.EVENT, "event", describe(root));
            return root.timeMicros();
        }
        long zero = Math.min(frame.micros(), root.timeMicros());
        sheet.at(zero, Ink.FAINT, "frame", frame.topic() + ' ' + frame.payload());
        sheet.after(root.timeMicros() - zero, Ink.EVENT, "event", describe(root));
        return zero;
    }

    private @Nullable Frame frame(Event event) {
        String device = event.fact() instanceof Fact.StateChanged c
                ? wording.device(c.point().device())
                : event.fact() instanceof Fact.DeviceSignalled s ? wording.device(s.device()) : null;
        return device == null || event.cause().origin() != Cause.Origin.DEVICE
                ? null
                : frames.before(
                                device,
                                event.timeMicros(),
                                event.fact() instanceof Fact.DeviceSignalled ? "\"action\"" : "")
                        .orElse(null);
    }

    private void link(Chain.Link link, long zero) {
        Fact fact = link.event.fact();
        long at = link.event.timeMicros() - zero;
        if (fact instanceof Fact.CommandAccepted accepted) {
            sheet.after(
                    at,
                    Ink.COMMAND,
                    "command",
                    wording.request(accepted.command().request()));
            Event end = link.end;
            if (end != null && end.fact() instanceof Fact.CommandEnded ended) {
                boolean wrong = isWrong(ended.result());
                sheet.after(
                        end.timeMicros() - zero,
                        wrong ? Ink.WRONG : Ink.GOOD,
                        wrong ? "✗" : "✓",
                        outcome(ended.result()));
            } else {
                sheet.after(at, Ink.FAINT, "…", "takes its time");
            }
        } else if (fact instanceof Fact.NotificationRequested note) {
            String to = note.recipient().isEmpty() ? "everybody" : note.recipient();
            sheet.after(at, Ink.COMMAND, "notify", to + ": " + note.text());
        } else if (fact instanceof Fact.VariableChanged variable) {
            sheet.after(at, Ink.COMMAND, "variable", variable.name() + " = " + variable.after());
        }
    }

    /** Things that are worth a line although no rule acted. */
    private void alone(Event event) {
        Fact fact = event.fact();
        if (fact instanceof Fact.StatusChanged status) {
            if (worthTelling(status)) {
                line(event, status.after().isOnline() ? Ink.GOOD : Ink.WRONG, "status", describe(event));
            }
        } else if (fact instanceof Fact.StateChanged changed) {
            if (changed.after().quality() == Quality.BAD) {
                line(event, Ink.WRONG, "quality", describe(event));
            }
        } else if (fact instanceof Fact.AuditRecorded audit) {
            audited(event, audit);
        } else if (fact instanceof Fact.ConfigurationActivated active) {
            String changed = active.changed().isEmpty() ? "" : ": " + String.join(", ", active.changed());
            line(event, Ink.GOOD, "files", "generation " + active.generation() + " is in force" + changed);
        } else if (fact instanceof Fact.ConfigurationRejected rejected) {
            sheet.at(event.timeMicros(), Ink.WRONG, "files", "not taken, the running generation stays:");
            rejected.problems().stream().limit(PROBLEMS).forEach(p -> sheet.say(Ink.WRONG, "              " + p));
            sheet.gap();
        } else if (fact instanceof Fact.CandidateFound found) {
            line(
                    event,
                    Ink.EVENT,
                    "found",
                    found.candidate().suggestedName() + ": " + found.candidate().title());
        }
    }

    /** What was installed, updated or removed, through whichever door; a refusal in full, since it ends with what to do. */
    private void audited(Event event, Fact.AuditRecorded audit) {
        if (audit.action().equals("feature.changed")) {
            line(event, Ink.GOOD, "bundles", audit.subject() + ": " + audit.detail());
        } else if (audit.action().equals("feature.refused")) {
            sheet.at(event.timeMicros(), Ink.WRONG, "refused", audit.subject());
            sheet.say(Ink.WRONG, "              " + audit.detail());
            sheet.gap();
        }
    }

    /** Connecting and the first connection are the start; they need no line each. */
    private static boolean worthTelling(Fact.StatusChanged status) {
        Status.Condition before = status.before().condition();
        return switch (status.after().condition()) {
            case OFFLINE, FAULT -> status.before().isOnline();
            case ONLINE -> before == Status.Condition.OFFLINE || before == Status.Condition.FAULT;
            case CONNECTING, UPDATING -> false;
        };
    }

    private void line(Event event, Ink ink, String word, String text) {
        sheet.at(event.timeMicros(), ink, word, text);
        sheet.gap();
    }

    private String describe(Event event) {
        Fact fact = event.fact();
        if (fact instanceof Fact.StateChanged c) {
            return wording.point(c.point()) + "  " + wording.state(c.point(), c.before()) + " → "
                    + wording.state(c.point(), c.after());
        } else if (fact instanceof Fact.StateReported r) {
            return wording.point(r.point()) + "  " + wording.state(r.point(), r.state());
        } else if (fact instanceof Fact.DeviceSignalled s) {
            String arguments = wording.arguments(s.device(), s.arguments());
            return wording.device(s.device()) + ' ' + s.event() + (arguments.isEmpty() ? "" : ": " + arguments);
        } else if (fact instanceof Fact.StatusChanged s) {
            return wording.device(s.device()) + " is " + s.after().toString().toLowerCase(Locale.ROOT);
        } else if (fact instanceof Fact.TimerElapsed) {
            return "the time is up";
        } else if (fact instanceof Fact.ClockStepped) {
            return "the clock was set";
        } else if (fact instanceof Fact.RuntimeStarted) {
            return "the house has started";
        } else if (fact instanceof Fact.ConfigurationActivated c) {
            return "generation " + c.generation() + " of the files";
        } else if (fact instanceof Fact.ExternalFact x) {
            return x.type().substring(x.type().lastIndexOf('.') + 1);
        }
        return fact.getClass().getSimpleName();
    }

    private static String actor(Cause cause) {
        return switch (cause.origin()) {
            case RULE -> cause.rule() == null ? "a rule" : "rule " + cause.rule();
            case USER -> "person " + cause.actor();
            case CONFIGURATION -> "the configuration";
            case CLOCK -> "the clock";
            default -> cause.actor();
        };
    }
}
