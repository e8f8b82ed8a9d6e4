package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.junit.jupiter.api.Test;

class HouseCommandsTest {
    private static final ValueSpec SECONDS = ValueSpec.quantity(Units.of("s"), 0, 60);
    private static final HouseModel MODEL = new HouseModel(List.of(
            device(
                    "l1",
                    "Hall.Light",
                    new DeviceDescription(
                            "light",
                            List.of(
                                    PointSpec.control("onoff", ValueSpec.ON_OFF)
                                            .withParameters(List.of(new ArgumentSpec("fade", SECONDS, false))),
                                    PointSpec.control("brightness", ValueSpec.quantity(Units.PERCENT, 0, 100))),
                            List.of(new ActionSpec(
                                    "blink",
                                    List.of(new ArgumentSpec("duration", SECONDS, true)),
                                    false,
                                    "Blink \"twice\"")),
                            List.of(new EventSpec("tapped", List.of(), "")),
                            "onoff",
                            Map.of("model", "X")),
                    "lamps"),
            device(
                    "k2",
                    "küche/licht 2",
                    DeviceDescription.of("light", PointSpec.control("onoff", ValueSpec.ON_OFF)),
                    "")));

    private PriorityArray asked = PriorityArray.EMPTY;
    private final List<Request> sent = new ArrayList<>();
    private final HouseCommands commands = new HouseCommands(
            new Model(),
            (request, cue) -> {
                sent.add(request);
                return new CommandTicket(
                        7,
                        CompletableFuture.completedFuture(null),
                        CompletableFuture.completedFuture(CommandResult.CONFIRMED));
            },
            null,
            Clock.systemUTC());

    @Test
    void aDeviceThatHasSaidNothingIsNotAskedForOneOfItsPoints() {
        DeviceInfo silent = device("s1", "Hall.New", DeviceDescription.EMPTY, "");
        assertThatThrownBy(() -> new Places.Place(silent, null, null).spec())
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Hall.New has not said which points it has; it is ONLINE");
    }

    @Test
    void aHoldWithoutItsTimeIsAsked() {
        assertThatThrownBy(() -> commands.send("Hall.Light", "on", "for"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("for how long?");
        assertThat(sent).isEmpty();
    }

    /** Whoever may publish a text could write lines of his own into this terminal, or paint it. */
    @Test
    void aTextFromTheWireIsOneLineOfModerateLength() {
        assertThat(Places.word(null, new Text("a\nb\u001b[2J\u202e\u0004c"))).isEqualTo("a�b�[2J��c");
        assertThat(Places.word(null, new Text("x".repeat(2048)))).hasSize(300 + "… (2048 characters)".length());
        assertThat(Places.word(null, new Text("Größe ☃"))).isEqualTo("Größe ☃");
    }

    @Test
    void setsTheMainPointAtThePriorityOfAPersonsHand() {
        commands.send("Hall.Light", "on");

        assertThat(sent).containsExactly(new Request.SetPoint(PointId.of("l1", "onoff"), Bool.ON, 8, null, Map.of()));
    }

    @Test
    void takesParametersFurtherPointsAndADuration() {
        commands.send("Hall.Light", "on", "with", "brightness", "60", "%,", "fade", "2", "s", "for", "10", "min");

        assertThat(sent)
                .containsExactly(new Request.SetPoint(
                        PointId.of("l1", "onoff"),
                        Bool.ON,
                        8,
                        Duration.ofMinutes(10),
                        Map.of("brightness", Quantity.of(60, "%"), "fade", Quantity.of(2, "s"))));
    }

    /** Without a time the house's own counts; "for ever" must not be taken for it. */
    @Test
    void holdsForEverWhenTold() {
        commands.send("Hall.Light", "on", "for", "ever");

        assertThat(sent)
                .containsExactly(new Request.SetPoint(PointId.of("l1", "onoff"), Bool.ON, 8, Duration.ZERO, Map.of()));
    }

    private static String text(Runnable command) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            command.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsAllThatIsAskedOfAPoint() {
        asked = new PriorityArray(List.of(
                new PriorityArray.Entry(2, Bool.OFF, 0, "rule \"frost\""),
                new PriorityArray.Entry(8, Bool.ON, 60_000_000, "user anna"),
                new PriorityArray.Entry(12, Bool.OFF, 0, "rule \"evening\"")));

        assertThat(text(() -> commands.device("Hall.Light")))
                .contains(
                        "asked of onoff: off at slot 2 (safety) by rule \"frost\"\n",
                        "asked of onoff: on at slot 8 (manual) by user anna until ",
                        "asked of onoff: off at slot 12 (comfort) by rule \"evening\"\n");
        assertThat(text(() -> commands.points("Hall.Light")))
                .contains(
                        "asked of onoff: off at slot 2 (safety) by rule \"frost\"\n",
                        "asked of onoff: off at slot 12 (comfort)");
    }

    @Test
    void callsAnActionInBothSpellings() {
        commands.send("Hall.Light.blink", "duration=5", "s");
        commands.send("Hall.Light.blink(duration: 5 s)");
        commands.send("Hall.Light.blink", "5 s");

        assertThat(sent)
                .hasSize(3)
                .containsOnly(
                        new Request.CallAction(new DeviceId("l1"), "blink", Map.of("duration", Quantity.of(5, "s"))));
    }

    @Test
    void takesNamesInBackQuotesAndReleases() {
        commands.send("`küche/licht 2`.onoff", "off");
        commands.relinquish("Hall.Light.brightness");

        assertThat(sent)
                .containsExactly(
                        new Request.SetPoint(PointId.of("k2", "onoff"), Bool.OFF, 8, null, Map.of()),
                        new Request.Relinquish(PointId.of("l1", "brightness"), 8));
    }

    @Test
    void suggestsWhatMayHaveBeenMeant() {
        assertThatThrownBy(() -> commands.send("Hall.Lihgt", "on")).hasMessageContaining("did you mean Hall.Light?");
        assertThatThrownBy(() -> commands.send("Hall.Light.brigthness", "5"))
                .hasMessage("Hall.Light has no brigthness: did you mean brightness?");
        assertThatThrownBy(() -> commands.send("Hall.Light", "on", "with", "fad", "2 s"))
                .hasMessageContaining("did you mean fade?");
        assertThatThrownBy(() -> commands.send("Hall.Light.blink")).hasMessageContaining("'duration' is missing");
        assertThatThrownBy(() -> commands.send("Hall.Light")).hasMessageContaining("what value?");
    }

    /** The checker of rule files reads what the shell wrote. */
    @Test
    void writesAModelThatTheCheckerReads() throws IOException {
        List<FunctionSpec> functions = List.of(
                FunctionSpec.pure(
                        "dewpoint",
                        ValueSpec.quantity(Units.CELSIUS),
                        new ArgumentSpec("humidity", ValueSpec.quantity(Units.PERCENT, 0, 100), true)),
                FunctionSpec.action(
                        "speak", null, Duration.ofSeconds(10), new ArgumentSpec("text", ValueSpec.TEXT, false)));
        HouseModel read = ModelSnapshot.read(new StringReader(ModelJson.write(MODEL.withFunctions(functions))));

        assertThat(read.functions()).isEqualTo(functions);

        assertThat(read.devices()).hasSize(2);
        for (DeviceInfo device : MODEL.devices()) {
            DeviceInfo again = read.named(device.name()).orElseThrow();
            assertThat(again.id()).isEqualTo(device.id());
            assertThat(again.tags()).isEqualTo(device.tags());
            assertThat(again.description().points())
                    .isEqualTo(device.description().points());
            assertThat(again.description().actions())
                    .isEqualTo(device.description().actions());
            assertThat(again.description().events())
                    .isEqualTo(device.description().events());
            assertThat(again.description().mainPoint())
                    .isEqualTo(device.description().mainPoint());
        }
    }

    private static DeviceInfo device(String id, String name, DeviceDescription description, String tag) {
        return new DeviceInfo(
                new DeviceId(id),
                name,
                "test",
                null,
                "",
                tag.isEmpty() ? Set.of() : Set.of(tag),
                description,
                Status.ONLINE);
    }

    private final class Model implements House {
        @Override
        public HouseModel model() {
            return MODEL;
        }

        @Override
        public State state(PointId point) {
            return State.NONE;
        }

        @Override
        public PriorityArray priorities(PointId point) {
            return point.equals(PointId.of("l1", "onoff")) ? asked : PriorityArray.EMPTY;
        }

        @Override
        public List<Candidate> candidates() {
            return List.of();
        }
    }
}
