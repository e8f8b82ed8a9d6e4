package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.benchmarks.proof.Plant.Answer;
import org.fieldhouse.benchmarks.proof.Plant.Killed;
import org.fieldhouse.benchmarks.proof.Plant.Said;
import org.fieldhouse.rules.engine.Standing;

/** A day of a {@link World} with a runtime that is killed, as often as it is told to, and started again. */
final class Day {
    /**
     * What a day left.
     *
     * @param trace what the actuators did
     * @param told who was told what, and when
     * @param standings of the rules at its end
     */
    record Outcome(
            World world,
            List<Event> events,
            List<String> trace,
            List<String> told,
            List<String> standings,
            long writes) {}

    /** Where a runtime comes from, and what is left of it. */
    interface Lives {
        /** Starts it at that time on the files that the one before left. */
        Plant start(long micros) throws Killed, IOException;

        /** It was killed: how long it is down, µs. */
        long fell() throws IOException;

        /** What the kills so far left. */
        Remains remains();

        /** The day is over: its journal, and how the rules stand. */
        Rest end(Plant last) throws IOException;
    }

    /** @param writes to the store, of all lives */
    record Rest(List<Event> events, List<Standing> standings, long writes) {}

    private final Lives lives;
    private final World world;

    Day(RuleSet rules, long seed, Lives lives) {
        this.lives = lives;
        this.world = new World(rules, seed);
    }

    Outcome run() throws IOException {
        long now = World.START;
        List<Said> said = new ArrayList<>(world.until(now));
        Plant plant = null;
        Killed killed = null;
        while (true) {
            try {
                if (plant == null) {
                    if (killed != null) {
                        now = fell(now, killed, said);
                    }
                    plant = lives.start(now);
                    said = again(said, plant.known());
                }
                long nextWake = settle(plant, now, said);
                now = Math.min(world.next(), nextWake);
                if (now >= World.START + World.DAY) {
                    Rest rest = lives.end(plant);
                    List<String> standings =
                            rest.standings().stream().map(Day::text).toList();
                    return new Outcome(
                            world, rest.events(), world.trace(), told(rest.events()), standings, rest.writes());
                }
                said = new ArrayList<>(world.until(now));
            } catch (Killed e) {
                killed = e;
                if (plant != null) {
                    plant.close();
                    plant = null;
                }
            }
        }
    }

    /** Everything that follows at that moment, also from what the actuators report. */
    private long settle(Plant plant, long now, List<Said> said) throws Killed {
        List<Said> next = said;
        while (true) {
            Answer answer = plant.step(now, next);
            next = world.act(now, answer.asked());
            if (next.isEmpty() && answer.nextWake() > now) {
                return answer.nextWake();
            }
        }
    }

    /** It was killed: what it had asked is done, and the world goes on. */
    private long fell(long now, Killed e, List<Said> said) throws IOException {
        world.act(now, e.asked);
        long then = now + lives.fell();
        said.addAll(world.until(then));
        return then;
    }

    /** What is said when it is up again: how everything is now, and what people did and it does not know. */
    private List<Said> again(List<Said> lost, long known) {
        List<Said> all = new ArrayList<>(world.everything());
        for (Said each : lost) {
            long id = each instanceof Plant.Signalled s ? s.id() : each instanceof Plant.Acted a ? a.id() : 0;
            if (id > known) {
                all.add(each);
            }
        }
        return all;
    }

    /** Without the number of the last event, which a kill moves on. */
    private static String text(Standing standing) {
        return standing.head().id() + ": " + standing.runs() + ", " + standing.waiting() + ", " + standing.detail();
    }

    /** One line, with the seconds of the day. */
    static String text(Event event) {
        return event.sequence() + " " + (event.timeMicros() - World.START) / 1e6 + " s, because of "
                + event.cause().parent() + ": " + event.fact();
    }

    /** Notifications, alarms, uploads and variables as the journal has them, but for those of the probes. */
    static List<String> told(List<Event> events) {
        List<String> all = new ArrayList<>();
        for (Event event : events) {
            String time = (event.timeMicros() - World.START) / 1_000 + " ms ";
            if (event.fact() instanceof Fact.NotificationRequested notify && !Policy.isProbe(notify.recipient())) {
                all.add(time + notify.recipient() + " " + notify.text());
            } else if (event.fact() instanceof Fact.VariableChanged variable) {
                all.add(time + variable.name() + " = " + variable.after());
            } else if (event.fact() instanceof Fact.ExternalFact external
                    && external.values().containsKey("state")) {
                all.add(time + external.values().get("alarm") + " is "
                        + external.values().get("state"));
            } else if (event.fact() instanceof Fact.ExternalFact external
                    && external.values().get("name") instanceof Text name) {
                all.add(time + name + " uploaded " + external.values().get("value"));
            }
        }
        return all;
    }

    static void clear(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
