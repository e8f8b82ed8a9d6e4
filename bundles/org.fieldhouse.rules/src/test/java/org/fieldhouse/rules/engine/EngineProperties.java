package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.program.Trigger;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.test.TestRunner;

/** What must hold for every course of events: the same again, through any number of restarts and reloads. */
class EngineProperties {
    private static final long START = 1_780_000_000_000_000L;

    private static final List<String> DECLARATIONS = List.of(
            "expect Hall.Motion: motion",
            "expect Hall.Light: light",
            "expect Living.Temp: thermometer",
            "expect Living.Valve: switch",
            "expect Button: button",
            "expect Pump: pump",
            "group Switches = Living.Valve, Hall.Light",
            "variable Guests = off",
            "variable Count = 0",
            "scene Evening Hall.Light = on Hall.Light.brightness = 40 % end",
            """
            rule "hall" when Hall.Motion turns on if sun is down or Hall.Motion.illuminance < 20 lx mode restart
            do turn on Hall.Light with fade 2 s wait until Hall.Motion is off for 5 min turn off Hall.Light end
            """,
            """
            rule "queue" when Button pressed when every 7 min mode queue 3 after outage fire
            do let C = Count set Count = Count + 1 wait 90 s
            if C > 3 then notify Family "{C}, {Living.Temp}" else activate scene Evening end
            repeat 2 times toggle Hall.Light wait 1 s end end
            """,
            """
            rule "parallel" when Living.Temp changes by 1 K when Living.Temp reaches 21 °C mode parallel 4 after outage skip
            do let T = Living.Temp wait until Living.Temp > T for 2 min within 20 min else do notify Family "no" end
            set Guests = on end
            """,
            """
            rule "single" when any of Switches turns on when at 22:00 each workday when Guests turns on for 1 min mode single
            do wait 3 min turn off Living.Valve set Guests = off end
            """,
            """
            control Living.Valve on when Living.Temp < 20 °C off when Living.Temp > 22 °C
            hold at least 4 min fail off when Living.Temp is bad for 15 min end
            """,
            "while Hall.Motion is on class economy keep Hall.Light.brightness = 90 % end",
            """
            alarm Hot priority high when Living.Temp > 24 °C for 1 min clear when Living.Temp < 23 °C requires ack
            message "{Living.Temp}" notify Ops escalate to Boss after 5 min unless acked end
            """,
            "counter Hours measures time while Living.Valve is on",
            "counter Energy integrates Pump.power in kWh reset daily at 00:00",
            "upload Living.Temp, Hours to Cloud when changed by 1 % or every 15 min end",
            "link Living.Valve -> Pump copy onoff end");

    private static final Program PROGRAM = compile(DECLARATIONS);

    private static Program compile(List<String> declarations) {
        String text = String.join("\n", declarations);
        CheckResult result = RuleCompiler.check(List.of(new SourceFile("rules/a.rules", text)), HouseModel.EMPTY);
        assertThat(result.diagnostics().stream().filter(d -> d.isError()).map(d -> d.render()))
                .isEmpty();
        Lowering lowering = new Lowering(result.program());
        assertThat(lowering.problems()).isEmpty();
        return lowering.program();
    }

    private static PointId point(String device, String point) {
        return PROGRAM.sources().stream()
                .filter(s -> s instanceof Source.OfPoint p
                        && p.id().point().equals(point)
                        && p.id().device().value().contains(device))
                .map(s -> ((Source.OfPoint) s).id())
                .findFirst()
                .orElseThrow();
    }

    /** Some hours in which anything happens. */
    private static List<Event> course(long seed, int length) {
        Random random = new Random(seed);
        PointId[] bools = {
            point("Hall.Motion", "occupancy"),
            point("Hall.Light", "onoff"),
            point("Living.Valve", "onoff"),
            point("Pump", "onoff")
        };
        PointId temperature = point("Living.Temp", "temperature");
        PointId power = point("Pump", "power");
        DeviceId button = button();
        List<Event> events = new ArrayList<>();
        long now = START;
        for (int i = 0; i < length; i++) {
            now += random.nextInt(4) == 0 ? 0 : (long) (random.nextDouble() * random.nextInt(240) * 1e6);
            Fact fact;
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 ->
                    fact = state(bools[random.nextInt(4)], Bool.of(random.nextBoolean()), quality(random), now);
                case 4, 5, 6 ->
                    fact = state(
                            temperature,
                            new Quantity(18 + random.nextInt(16) / 2.0, Units.CELSIUS),
                            quality(random),
                            now);
                case 7 -> fact = state(power, Quantity.of(random.nextInt(3) * 500, "W"), quality(random), now);
                case 8 -> fact = new Fact.DeviceSignalled(button, "pressed", Map.of());
                case 9 -> fact = new Fact.VariableChanged("Guests", null, Bool.of(random.nextBoolean()));
                case 10 -> {
                    if (random.nextBoolean()) {
                        long stopped = now;
                        now += random.nextInt(1800) * 1_000_000L;
                        fact = new Fact.RuntimeStarted(stopped, false);
                    } else if (random.nextBoolean()) {
                        long before = now;
                        long after = before + (random.nextInt(20) - 10) * 1_800_000_000L;
                        now = Math.max(now, after);
                        fact = new Fact.ClockStepped(before, before, after);
                    } else {
                        fact = new Fact.ExternalFact(
                                "org.fieldhouse.rules.AlarmAct",
                                Map.of(
                                        "alarm",
                                        new Text("Hot"),
                                        "act",
                                        new Text(random.nextBoolean() ? "acknowledge" : "shelve")));
                    }
                }
                default ->
                    fact = new Fact.StatusChanged(
                            bools[random.nextInt(4)].device(),
                            Status.CONNECTING,
                            random.nextBoolean() ? Status.ONLINE : Status.CONNECTING);
            }
            events.add(new Event(i + 2, now, new Cause(0, Cause.Origin.EXTERNAL, "test", null), fact));
        }
        return events;
    }

    private static DeviceId button() {
        return PROGRAM.codes().stream()
                .filter(code -> code instanceof Code.Body)
                .flatMap(code -> ((Code.Body) code).triggers().stream())
                .filter(t -> t instanceof Trigger.Signalled)
                .map(t -> ((Trigger.Signalled) t).device())
                .findFirst()
                .orElseThrow();
    }

    private static Quality quality(Random random) {
        return random.nextInt(8) == 0 ? Quality.values()[random.nextInt(5)] : Quality.GOOD;
    }

    private static Fact state(PointId point, Value value, Quality quality, long now) {
        return new Fact.StateChanged(point, State.NONE, new State(value, quality, now, now));
    }

    private static Event first() {
        return new Event(1, START, Cause.RUNTIME, new Fact.TimerElapsed(START));
    }

    private static Engine begun(Program program, List<String> out) {
        Engine engine = new Engine(TestRunner.ANYWHERE);
        engine.load(program, first(), output -> out.add(text(output)));
        return engine;
    }

    /** Lines are where the text stands, which may be edited. */
    private static String text(Output output) {
        return output.toString().replaceAll("rules:\\d+\\)", "rules)");
    }

    private static byte[] uninterrupted(Program program, List<Event> events, List<String> out) {
        Engine engine = begun(program, out);
        events.forEach(event -> engine.step(event, output -> out.add(text(output))));
        assertThat(engine.failures()).as(out.toString()).isZero();
        return engine.save();
    }

    @Property(tries = 100)
    void savedAndRestoredAtEveryEventIsAsIfNothingHadBeen(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int length) throws IOException {
        List<Event> events = course(seed, length);
        List<String> expected = new ArrayList<>();
        byte[] end = uninterrupted(PROGRAM, events, expected);
        List<String> actual = new ArrayList<>();
        Engine engine = begun(PROGRAM, actual);
        for (Event event : events) {
            engine = Engine.restore(engine.save(), PROGRAM, TestRunner.ANYWHERE, output -> actual.add(text(output)));
            engine.step(event, output -> actual.add(text(output)));
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(engine.save()).isEqualTo(end);
    }

    @Property(tries = 30)
    void editsOfSpacingCommentsAndOrderChangeNothing(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 100) int length) {
        List<Event> events = course(seed, length);
        List<String> expected = new ArrayList<>();
        Engine plain = begun(PROGRAM, expected);
        List<String> actual = new ArrayList<>();
        Engine edited = begun(PROGRAM, actual);
        Random random = new Random(seed);
        for (Event event : events) {
            if (random.nextInt(20) == 0) {
                // The place of the change must be one for both: timers that are due fire there.
                plain.step(ring(event), output -> expected.add(text(output)));
                edited.load(compile(edited(random)), ring(event), output -> actual.add(text(output)));
            }
            plain.step(event, output -> expected.add(text(output)));
            edited.step(event, output -> actual.add(text(output)));
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static Event ring(Event before) {
        return new Event(
                before.sequence(), before.timeMicros(), Cause.CLOCK, new Fact.TimerElapsed(before.timeMicros()));
    }

    private static List<String> edited(Random random) {
        List<String> declarations = new ArrayList<>(DECLARATIONS);
        Collections.shuffle(declarations, random);
        declarations.replaceAll(
                text -> random.nextBoolean() ? "# edited\n\n" + text.replace(" do ", "\n  do # body\n   ") : text);
        return declarations;
    }

    /** The same journal gives the same bytes, a hundred times. */
    @Example
    void theSameAgain() {
        List<Event> events = course(42, 400);
        List<String> first = new ArrayList<>();
        byte[] end = uninterrupted(PROGRAM, events, first);
        assertThat(first).hasSizeGreaterThan(50);
        int hash = Arrays.hashCode(String.join("\n", first).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 100; i++) {
            List<String> again = new ArrayList<>();
            assertThat(uninterrupted(i % 10 == 0 ? compile(DECLARATIONS) : PROGRAM, events, again))
                    .isEqualTo(end);
            assertThat(Arrays.hashCode(String.join("\n", again).getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(hash);
        }
    }

    /** Whatever bytes are given for a saved engine, they are refused. */
    @Property(tries = 100)
    void brokenStateIsSaid(@ForAll long seed) {
        List<String> out = new ArrayList<>();
        Engine engine = begun(PROGRAM, out);
        course(seed, 40).forEach(event -> engine.step(event, output -> out.add(text(output))));
        byte[] saved = engine.save();
        Random random = new Random(seed);
        saved[random.nextInt(saved.length)] ^= (byte) (1 + random.nextInt(255));
        assertThatThrownBy(() -> Engine.restore(saved, PROGRAM, TestRunner.ANYWHERE, output -> {}))
                .isInstanceOf(IOException.class);
        byte[] cut = Arrays.copyOf(engine.save(), random.nextInt(saved.length));
        assertThatThrownBy(() -> Engine.restore(cut, PROGRAM, TestRunner.ANYWHERE, output -> {}))
                .isInstanceOf(IOException.class);
    }
}
