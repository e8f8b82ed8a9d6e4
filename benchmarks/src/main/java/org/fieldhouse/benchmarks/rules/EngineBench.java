package org.fieldhouse.benchmarks.rules;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntSupplier;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.SourceFile;

/**
 * Events per second with 10 to 10,000 rules, the memory of 100,000 waiting runs, and a day of 1,000 rules. Prints a table; exits
 * with 1 if a goal was missed. One argument: seconds per measurement (default 2).
 *
 * <p>Whether the rate is flat in the number of rules is asked twice. Once with the same ten sensors reporting whatever is loaded: an event
 * must not cost more for the rules that it has nothing to do with, and that is judged. And once with all sensors reporting by chance:
 * the work is the same, but what an event needs has to come from memory the more often the more there is of it, for any program.
 * What that costs the least that a program can do with such an event ({@link #floor}) is shown beside it.
 */
public final class EngineBench {
    private static final Calendar.Place PLACE = new Calendar.Place(ZoneOffset.UTC, 51.48, 0, Set.of());
    private static final long START = 1_780_000_000_000_000L;
    private static final Cause CAUSE = Cause.device(new DeviceId("bench"));
    /** What is flat: a rate with more rules that is at least this part of the one with ten. Measurements differ by a tenth. */
    private static final double FLAT = 0.75;

    private static long outputs;

    private EngineBench() {}

    public static void main(String[] args) throws IOException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 2;
        boolean good = true;
        int[] sizes = {10, 100, 1_000, 10_000};
        double[] few = new double[sizes.length];
        double[] all = new double[sizes.length];
        double[] floor = new double[sizes.length];
        for (int round = 0; round < 2; round++) { // the first warms up
            for (int i = 0; i < sizes.length; i++) {
                double time = round == 0 ? 1 : seconds;
                few[i] = rate(sizes[i], sizes[0], time);
                all[i] = rate(sizes[i], sizes[i], time);
                floor[i] = floor(sizes[i], time);
            }
        }
        System.out.println("events/s           from the same ten        from all       the least");
        for (int i = 0; i < sizes.length; i++) {
            System.out.printf(
                    Locale.ROOT, "%,6d rules  %,20.0f  %,14.0f  %,14.0f%n", sizes[i], few[i], all[i], floor[i]);
            good &= all[i] >= 2e6;
            good &= few[i] >= FLAT * few[0];
        }
        long bytes = waiting(100_000);
        System.out.printf(Locale.ROOT, "100,000 waiting runs  %.1f MB%n", bytes / 1e6);
        good &= bytes <= 100e6;
        day(1_000);
        double day = day(1_000);
        System.out.printf(Locale.ROOT, "24 h of 1,000 rules  %.3f s%n", day);
        good &= day <= 1;
        System.out.println("outputs " + outputs);
        System.exit(good ? 0 : 1);
    }

    /** Time of this thread on a processor, ns: what others do on the machine counts less than on the wall clock. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static DeviceInfo device(String name, PointSpec point) {
        return new DeviceInfo(
                DeviceId.of("id-" + name),
                name,
                "bench",
                null,
                "",
                Set.of(),
                DeviceDescription.of("thing", point),
                Status.ONLINE);
    }

    private static HouseModel house(int size) {
        List<DeviceInfo> devices = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            devices.add(device("S" + i, PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS))));
            devices.add(device("D" + i, PointSpec.control("onoff", ValueSpec.ON_OFF)));
        }
        return new HouseModel(devices);
    }

    private static PointId sensor(int i) {
        return PointId.of("id-S" + i, "temperature");
    }

    private static Program compile(String text, int size) {
        CheckResult result = RuleCompiler.check(List.of(new SourceFile("rules/bench.rules", text)), house(size));
        if (!result.isClean()) {
            throw new IllegalStateException(result.diagnostics().get(0).render());
        }
        return new Lowering(result.program()).program();
    }

    private static Engine engine(Program program) {
        Engine engine = new Engine(PLACE);
        engine.load(program, event(1, START, new Fact.TimerElapsed(START)), output -> {});
        return engine;
    }

    private static Event event(long sequence, long micros, Fact fact) {
        return new Event(sequence, micros, CAUSE, fact);
    }

    private static State celsius(double value, long micros) {
        return new State(new Quantity(value, Units.CELSIUS), Quality.GOOD, micros, micros);
    }

    /** Events of the first so many sensors. One in ten has its rule look at its conditions, and turn on what it turns on. */
    private static double rate(int rules, int reporting, double seconds) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules; i++) {
            text.append("rule \"r")
                    .append(i)
                    .append("\" when S")
                    .append(i)
                    .append(" becomes > 25 °C if D")
                    .append(i)
                    .append(" is unknown do turn on D")
                    .append(i)
                    .append(" end\n");
        }
        Engine engine = engine(compile(text.toString(), rules));
        Event[] events = events(ids(rules), reporting);
        return median(seconds, () -> {
            for (Event each : events) {
                engine.step(each, output -> outputs++);
            }
            return events.length;
        });
    }

    /** The runtime has one id per point, too. */
    private static PointId[] ids(int rules) {
        PointId[] sensors = new PointId[rules];
        Arrays.setAll(sensors, EngineBench::sensor);
        return sensors;
    }

    private static Event[] events(PointId[] sensors, int reporting) {
        Random random = new Random(7);
        Event[] events = new Event[1 << 14];
        for (int i = 0; i < events.length; i++) {
            double value = random.nextInt(10) == 0 ? 26 : 24;
            State state = celsius(value, START + i);
            PointId point = sensors[random.nextInt(reporting)];
            events[i] = event(i + 2, START + i, new Fact.StateChanged(point, State.NONE, state));
        }
        return events;
    }

    /** What is kept of a point by {@link #floor}. */
    private static final class Slot {
        State state = State.NONE;
        double number;
    }

    /**
     * The least that a program can do with such an event: find what it keeps of the point, in the table of the JDK that is the fastest at
     * that, keep the new value, and compare it with a limit.
     */
    private static double floor(int sensors, double seconds) {
        PointId[] ids = ids(sensors);
        Map<PointId, Slot> slots = new IdentityHashMap<>(2 * sensors);
        Event[] events = events(ids, sensors);
        return median(seconds, () -> {
            for (Event each : events) {
                if (each.fact() instanceof Fact.StateChanged changed
                        && changed.after().value() instanceof Quantity quantity) {
                    Slot slot = slots.computeIfAbsent(changed.point(), id -> new Slot());
                    if (slot.number <= 25 && quantity.number() > 25) {
                        outputs++;
                    }
                    slot.state = changed.after();
                    slot.number = quantity.number();
                }
            }
            return events.length;
        });
    }

    /** The median of five rates, each of a fifth of the time; the lap returns how many events it was. */
    private static double median(double seconds, IntSupplier lap) {
        double[] measured = new double[5];
        for (int round = 0; round < measured.length; round++) {
            long start = cpu();
            long end = start + (long) (seconds / measured.length * 1e9);
            long count = 0;
            while (cpu() < end) {
                count += lap.getAsInt();
            }
            measured[round] = count / ((cpu() - start) / 1e9);
        }
        Arrays.sort(measured);
        return measured[measured.length / 2];
    }

    private static long waiting(int runs) {
        int each = 1_000;
        int rules = runs / each;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules; i++) {
            text.append("rule \"w")
                    .append(i)
                    .append("\" when S")
                    .append(i)
                    .append(" changes mode parallel 1000 do let Start = S")
                    .append(i)
                    .append(" wait until D")
                    .append(i)
                    .append(" is on for 1 min within 2 h if Start > 20 °C turn on D")
                    .append(i)
                    .append(" end end\n");
        }
        Engine engine = engine(compile(text.toString(), rules));
        long before = used();
        long sequence = 2;
        for (int i = 0; i <= each; i++) { // the first value is no change
            for (int rule = 0; rule < rules; rule++) {
                Fact fact = new Fact.StateChanged(sensor(rule), State.NONE, celsius(20 + i % 2, START + i));
                engine.step(event(sequence++, START + i, fact), output -> outputs++);
            }
        }
        long bytes = used() - before;
        int waiting = engine.standings().stream()
                .mapToInt(standing -> standing.waiting())
                .sum();
        if (waiting != runs) {
            throw new IllegalStateException(waiting + " wait, expected " + runs);
        }
        return bytes;
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Each sensor reports every five minutes; each rule waits, and looks at the clock and the sun. */
    private static double day(int rules) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules; i++) {
            text.append("rule \"r")
                    .append(i)
                    .append("\" when S")
                    .append(i)
                    .append(" becomes > 25 °C when at 07:")
                    .append(i % 60 < 10 ? "0" : "")
                    .append(i % 60)
                    .append(" if sun is down or time between 06:00 and 22:00 mode restart do turn on D")
                    .append(i)
                    .append(" wait until S")
                    .append(i)
                    .append(" < 24 °C for 10 min within 2 h turn off D")
                    .append(i)
                    .append(" end\n");
        }
        Program program = compile(text.toString(), rules);
        long start = cpu();
        Engine engine = engine(program);
        Random random = new Random(3);
        long sequence = 2;
        for (int minute = 0; minute < 24 * 60; minute++) {
            long now = START + minute * 60_000_000L;
            while (engine.nextWake() <= now) {
                long due = engine.nextWake();
                engine.step(event(sequence++, due, new Fact.TimerElapsed(due)), output -> outputs++);
            }
            for (int i = minute % 5; i < rules; i += 5) {
                State state = celsius(22 + random.nextInt(5), now);
                engine.step(
                        event(sequence++, now, new Fact.StateChanged(sensor(i), State.NONE, state)),
                        output -> outputs++);
            }
        }
        return (cpu() - start) / 1e9;
    }
}
