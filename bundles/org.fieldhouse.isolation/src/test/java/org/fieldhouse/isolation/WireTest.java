package org.fieldhouse.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.isolation.wire.Frames;
import org.fieldhouse.isolation.wire.Frames.MalformedException;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.ToChild;
import org.fieldhouse.isolation.wire.WireCodec;

class WireTest {
    private static final DeviceId LAMP = new DeviceId("hall/lamp.1");

    // ---- everything that can be said

    @Provide
    Arbitrary<Value> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(Bool.ON, Bool.OFF),
                Arbitraries.doubles().map(d -> new Quantity(d, Units.CELSIUS)),
                texts().map(Text::new),
                texts().filter(t -> !t.isEmpty()).map(Choice::new),
                Arbitraries.of(new Colour(0.3, 0.4)));
    }

    private Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange(' ', '\ud7ff').ofMaxLength(20);
    }

    private Arbitrary<Long> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 300), Arbitraries.longs().greaterOrEqual(0));
    }

    @Provide
    Arbitrary<FromChild> fromChild() {
        DeviceDescription lamp = new DeviceDescription(
                "light",
                List.of(
                        PointSpec.control("onoff", ValueSpec.ON_OFF),
                        PointSpec.measurement("power", ValueSpec.quantity(Units.of("W"), 0, 100))
                                .withMaxAge(Duration.ofSeconds(3))),
                List.of(new ActionSpec("toggle", List.of(new ArgumentSpec("fade", ValueSpec.TEXT, true)), false, "T")),
                List.of(new EventSpec("pressed", List.of(), "")),
                "onoff",
                Map.of("model", "x"));
        Candidate candidate = new Candidate(
                LAMP, "acme", "lamp", new DeviceId("hub"), "Lamp", "A lamp", Map.of("a", List.of(1L, "b", true)), true);
        Status fault = Status.fault("no coffee");
        return Arbitraries.oneOf(
                Combinators.combine(numbers(), texts(), values(), Arbitraries.of(Quality.class), numbers())
                        .as(FromChild.Reported::new),
                Combinators.combine(
                                numbers(),
                                texts(),
                                Arbitraries.maps(texts(), values()).ofMaxSize(3))
                        .as(FromChild.Signalled::new),
                Combinators.combine(numbers(), texts(), texts()).as(FromChild.ReportedBad::new),
                Combinators.combine(numbers(), texts(), texts()).as(FromChild.Refused::new),
                Combinators.combine(numbers(), Arbitraries.of(FromChild.Failed.Kind.class), texts())
                        .as(FromChild.Failed::new),
                Combinators.combine(
                                numbers(),
                                texts().list().ofMaxSize(3),
                                texts().set().ofMaxSize(3),
                                Arbitraries.of(true, false),
                                Arbitraries.of(true, false))
                        .as(FromChild.Created::new),
                Arbitraries.of(
                        new FromChild.Hello(1, "abc"),
                        new FromChild.Bound(3, "acme", Set.of("lamp", "hub")),
                        new FromChild.Unbound(3),
                        new FromChild.Started("no coffee"),
                        new FromChild.Pong(7),
                        new FromChild.Done(7),
                        new FromChild.Answer(7, true),
                        new FromChild.Described(9, lamp),
                        new FromChild.Confirmed(9, 1L << 40),
                        new FromChild.CommandFailed(9, 5, "why"),
                        new FromChild.Condition(9, fault),
                        new FromChild.ChildCondition(9, LAMP, Status.ONLINE),
                        new FromChild.Lost(9, "why"),
                        new FromChild.Malformed(9, "what"),
                        new FromChild.Offered(9, candidate),
                        new FromChild.Withdrawn(9, LAMP)));
    }

    @Provide
    Arbitrary<ToChild> toChild() {
        Request set = new Request.SetPoint(
                new PointId(LAMP, "onoff"), Bool.ON, 12, Duration.ofMinutes(2), Map.of("fade", new Text("x")));
        Cause cause = new Cause(5, Cause.Origin.RULE, "r", new Cause.RuleRef("hall", "rules/a.rules", 7));
        return Arbitraries.oneOf(
                Combinators.combine(numbers(), numbers(), Arbitraries.longs(), numbers(), numbers())
                        .as((call, device, id, accepted, deadline) -> (ToChild)
                                new ToChild.Handle(call, device, new Command(id, set, cause, accepted, deadline))),
                Arbitraries.of(
                        new ToChild.Configure("f", "n", Map.of("a", 5, "b", List.of("x", 1.5))),
                        new ToChild.Configure("", "p", null),
                        new ToChild.Start(),
                        new ToChild.Create(
                                1, 2, LAMP, "Lamp ä", "lamp", null, Map.of("k", Map.of("l", true)), Map.of("s", "t")),
                        new ToChild.Create(1, 2, LAMP, "L", "lamp", new DeviceId("hub"), Map.of(), Map.of()),
                        new ToChild.Open(1, 2, 3),
                        new ToChild.Close(1, 2),
                        new ToChild.Quiesce(1, 2),
                        new ToChild.GiveOver(1, 2),
                        new ToChild.Link(
                                1,
                                2,
                                ToChild.Link.Verb.VERIFY,
                                new DirectLink(LAMP, new DeviceId("other"), List.of("onoff"))),
                        new ToChild.Handle(
                                1,
                                2,
                                new Command(3, new Request.CallAction(LAMP, "toggle", Map.of()), Cause.RUNTIME, 4, 5)),
                        new ToChild.Cancel(1),
                        new ToChild.Forget(1),
                        new ToChild.Ping(1),
                        new ToChild.Stop()));
    }

    private static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, 4, frame.length);
    }

    @Property(tries = 500)
    void whatTheProcessSaysArrivesAsItWas(@ForAll("fromChild") FromChild message) throws MalformedException {
        assertThat(WireCodec.fromChild(body(WireCodec.encode(message)))).isEqualTo(message);
    }

    @Property(tries = 200)
    void whatTheHouseSaysArrivesAsItWas(@ForAll("toChild") ToChild message) throws MalformedException {
        assertThat(WireCodec.toChild(body(WireCodec.encode(message)))).isEqualTo(message);
    }

    @Example
    void stateArrivesByteForByte() throws MalformedException {
        byte[] state = new byte[1000];
        Arrays.fill(state, (byte) -3);
        FromChild given = WireCodec.fromChild(body(WireCodec.encode(new FromChild.Given(4, 2, state))));
        assertThat(given).isInstanceOfSatisfying(FromChild.Given.class, g -> assertThat(g.state())
                .isEqualTo(state));
        ToChild taken = WireCodec.toChild(body(WireCodec.encode(new ToChild.TakeOver(4, 2, 0, 9, state))));
        assertThat(taken).isInstanceOfSatisfying(ToChild.TakeOver.class, t -> assertThat(t.state())
                .isEqualTo(state));
    }

    // ---- the stream

    /** Gives at most so many bytes at a time. */
    private static ReadableByteChannel chopped(byte[] stream, int most) {
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(stream));
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                ByteBuffer part = ByteBuffer.allocate(Math.min(most, target.remaining()));
                int n = whole.read(part);
                target.put(part.flip());
                return n;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Property(tries = 100)
    void framesAreFoundHoweverTheStreamIsCut(@ForAll("manyFrom") List<FromChild> messages) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (FromChild message : messages) {
            stream.write(WireCodec.encode(message));
        }
        for (int most : new int[] {1, 2, 3, 5, 7, 64, 1 << 20}) {
            Frames frames = new Frames(chopped(stream.toByteArray(), most));
            List<FromChild> found = new ArrayList<>();
            for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
                found.add(WireCodec.fromChild(frame));
            }
            assertThat(found).isEqualTo(messages);
        }
    }

    @Provide
    Arbitrary<List<FromChild>> manyFrom() {
        return fromChild().list().ofMinSize(1).ofMaxSize(20);
    }

    @Example
    void framesOfTheGreatestLengthPassOneAfterTheOther() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        FromChild large = new FromChild.Given(1, 1, new byte[Frames.MOST - 64]);
        for (int i = 0; i < 4; i++) {
            stream.write(WireCodec.encode(large));
            stream.write(WireCodec.encode(new FromChild.Pong(i)));
        }
        Frames frames = new Frames(chopped(stream.toByteArray(), 4096));
        for (int i = 0; i < 4; i++) {
            assertThat(WireCodec.fromChild(frames.next())).isInstanceOf(FromChild.Given.class);
            assertThat(WireCodec.fromChild(frames.next())).isEqualTo(new FromChild.Pong(i));
        }
        assertThat(frames.next()).isNull();
        assertThatThrownBy(() -> WireCodec.encode(new FromChild.Given(1, 1, new byte[Frames.MOST])))
                .isInstanceOf(WireCodec.TooLargeException.class);
    }

    @Property(tries = 50)
    void aStreamThatEndsWithinAFrameSaysSo(@ForAll("fromChild") FromChild message) throws IOException {
        byte[] frame = WireCodec.encode(message);
        for (int end = 1; end < frame.length; end++) {
            Frames frames = new Frames(chopped(Arrays.copyOf(frame, end), 3));
            assertThatThrownBy(frames::next).isInstanceOf(EOFException.class);
        }
    }

    // ---- what means harm

    @Property(tries = 2000)
    void garbageIsRefusedAndNothingElse(@ForAll byte[] garbage) {
        refusesOrReads(garbage);
    }

    @Property(tries = 2000)
    void aSoundFrameWithAWrongByteIsRefusedOrReads(
            @ForAll("fromChild") FromChild message, @ForAll int place, @ForAll byte wrong) {
        byte[] frame = body(WireCodec.encode(message));
        frame[Math.floorMod(place, frame.length)] = wrong;
        refusesOrReads(frame);
    }

    private static void refusesOrReads(byte[] frame) {
        try {
            assertThat(WireCodec.fromChild(frame)).isNotNull();
        } catch (MalformedException e) {
            assertThat(e).hasMessageContaining("none");
        }
        try {
            assertThat(WireCodec.toChild(frame)).isNotNull();
        } catch (MalformedException e) {
            assertThat(e).hasMessageContaining("none");
        }
    }

    @Example
    void aLengthThatIsTooGreatIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {0, -1, Frames.MOST + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] head =
                    ByteBuffer.allocate(4).putInt(Integer.reverseBytes(length)).array();
            assertThatThrownBy(() -> new Frames(chopped(head, 4)).next()).isInstanceOf(MalformedException.class);
        }
    }
}
