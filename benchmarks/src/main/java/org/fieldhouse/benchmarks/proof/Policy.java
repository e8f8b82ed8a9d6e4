package org.fieldhouse.benchmarks.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What {@code after outage} says, written down a second time and without the engine: when each probe of {@code day.rules} has to
 * have told of itself, judged by nothing but when its button was pressed and when the runtime was down.
 */
final class Policy {
    private static final long WAIT = 25 * World.MINUTE;
    private static final long PERIOD = 20 * World.MINUTE;
    private static final Set<String> PROBES = Set.of("Resume", "Skip", "Fire", "LeftOut", "Skipped", "MadeUp");

    /** Down from after its last sign of life to its start. */
    private record Outage(long stopped, long up) {
        boolean covers(long time) {
            return stopped < time && time <= up;
        }
    }

    private static final Pattern HOURS = Pattern.compile("([0-9.]+) h");

    private final List<Outage> outages = new ArrayList<>();
    private final Map<String, List<Long>> told = new HashMap<>();
    private final Map<Long, Long> pressed = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long end;
    private long begin = -1;

    private Policy(List<Event> events) {
        for (Event event : events) {
            end = event.timeMicros();
            if (event.fact() instanceof Fact.RuntimeStarted started && started.stoppedMicros() > 0) {
                outages.add(new Outage(started.stoppedMicros(), event.timeMicros()));
            } else if (event.fact() instanceof Fact.NotificationRequested notify && isProbe(notify.recipient())) {
                told.computeIfAbsent(notify.recipient() + " " + notify.text(), k -> new ArrayList<>())
                        .add(event.timeMicros());
            } else if (event.fact() instanceof Fact.DeviceSignalled signal
                    && signal.device().value().contains("Probe")
                    && signal.arguments().get("count") instanceof Quantity count) {
                pressed.put((long) count.number(), event.timeMicros());
            } else if (begin < 0 && event.fact() instanceof Fact.ExternalFact) {
                begin = event.timeMicros();
            }
        }
    }

    static boolean isProbe(String recipient) {
        return PROBES.contains(recipient);
    }

    /** What is not as the policy says; empty if all is well. */
    static List<String> broken(List<Event> events) {
        Policy policy = new Policy(events);
        policy.waits();
        policy.schedules();
        policy.told.forEach((what, times) -> policy.wrong.add(what + " was told at " + times + " for no reason"));
        return policy.wrong;
    }

    /** A counter of the time that a device was on, without the time in which the runtime was down. */
    static List<String> counter(String device, List<Event> events, List<String> standings, String counter) {
        double seconds = 0;
        boolean on = false;
        long since = 0;
        for (Event event : events) {
            if (event.fact() instanceof Fact.RuntimeStarted started) {
                seconds += on && started.stoppedMicros() > 0 ? (started.stoppedMicros() - since) / 1e6 : 0;
                since = event.timeMicros();
            } else if (event.fact() instanceof Fact.StateChanged change
                    && change.point().device().value().contains(device)
                    && change.point().point().equals("onoff")) {
                seconds += on ? (event.timeMicros() - since) / 1e6 : 0;
                on = Bool.ON.equals(change.after().good());
                since = event.timeMicros();
            }
        }
        seconds += on ? (events.get(events.size() - 1).timeMicros() - since) / 1e6 : 0;
        String line = standings.stream()
                .filter(s -> s.startsWith("counter " + counter))
                .findFirst()
                .orElse("");
        Matcher told = HOURS.matcher(line);
        // Shown is what it was at its last look, which is at most a minute ago.
        boolean right = told.find() && Math.abs(Double.parseDouble(told.group(1)) - seconds / 3_600) <= 1 / 60.0 + 1e-6;
        return right ? List.of() : List.of(counter + " is '" + line + "' after " + seconds / 3_600 + " h");
    }

    private @Nullable Outage missed(long time) {
        for (Outage each : outages) {
            if (each.covers(time)) {
                return each;
            }
        }
        return null;
    }

    /** What happens at a time may be cut off by a kill at that very time; then it is told when the runtime is up again. */
    private Set<Long> times(long due) {
        Set<Long> all = new LinkedHashSet<>(Set.of(due)); // the time itself before any other
        for (Outage each : outages) {
            if (all.contains(each.stopped())) {
                all.add(each.up());
            }
        }
        return all;
    }

    private void waits() {
        pressed.forEach((id, at) -> {
            long due = at + WAIT;
            Outage missed = missed(due);
            expect("Resume " + id, missed == null ? due : missed.up());
            expect("Fire " + id, missed == null ? due : missed.up());
            if (missed == null) {
                expect("Skip " + id, due);
            }
        });
    }

    private void schedules() {
        Set<Long> made = new HashSet<>();
        for (long at = begin - Math.floorMod(begin, PERIOD) + PERIOD; at <= end; at += PERIOD) {
            Outage missed = missed(at);
            if (missed == null) {
                expect("LeftOut now", at);
                expect("Skipped now", at);
            }
            if (missed == null || made.add(missed.up())) {
                expect("MadeUp now", missed == null ? at : missed.up());
            }
        }
    }

    private void expect(String what, long due) {
        if (due > end) {
            return;
        }
        List<Long> times = told.getOrDefault(what, List.of());
        for (long acceptable : times(due)) {
            if (times.contains(acceptable)) {
                times.remove(acceptable);
                if (times.isEmpty()) {
                    told.remove(what);
                }
                return;
            }
        }
        if (due < end) {
            wrong.add(what + " was not told at " + due + " (" + (due - World.START) / 1_000 + " ms), but at " + times);
        }
    }
}
