package org.fieldhouse.history.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;

/** What goes into a chunk comes out of it. */
class ChunkTest {
    private static final PointId POINT = PointId.of("küche/licht".replace('ü', 'u'), "brightness");
    private static final long BEGIN = 1_790_000_000_000_000L;

    private record Said(long step, long earlier, Quality quality, Value value, boolean clock) {}

    @Provide
    Arbitrary<Value> values() {
        Arbitrary<Unit> units = Arbitraries.of(
                Units.of("°C"), Units.of("%"), Unit.ONE, new Unit("furlong", Dimension.LENGTH, 201.168, 0));
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.integers().between(-1_000, 5_000).map(i -> i / 10.0),
                Arbitraries.integers().between(-100_000, 100_000).map(i -> i / 100.0),
                Arbitraries.doubles().between(-1e300, 1e300),
                Arbitraries.of(0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e15, 0.1 + 0.2, -0.0));
        return Arbitraries.oneOf(
                Combinators.combine(numbers, units).as(Quantity::new),
                Arbitraries.of(true, false).map(Bool::of),
                Arbitraries.strings().ofMaxLength(40).map(Text::new),
                Arbitraries.of("off", "heat", "cool").map(Choice::new),
                Arbitraries.longs().between(-1L << 33, 1L << 33).map(s -> new Moment(Instant.ofEpochSecond(s, 7))),
                Arbitraries.of(new Colour(0.3, 0.3), new Colour(0, 1)));
    }

    @Provide
    Arbitrary<List<Said>> courses() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 10_000_000_000L),
                        Arbitraries.longs().between(-5_000_000, 90_000_000_000L),
                        Arbitraries.of(Quality.values()),
                        values(),
                        Arbitraries.of(true, false))
                .as(Said::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    @Property(tries = 500)
    void whatGoesInComesOut(@ForAll("courses") List<Said> course) {
        ChunkWriter writer = new ChunkWriter();
        List<PastState> expected = new ArrayList<>();
        long time = BEGIN;
        for (Said said : course) {
            time += said.step;
            Value value = said.quality == Quality.NEVER_REPORTED ? null : said.value;
            long source = said.clock ? time - said.earlier : time - 300;
            long received = said.clock ? source + 1 : source;
            writer.add(time, new State(value, said.quality, source, received));
            expected.add(
                    new PastState(instant(time), value, said.quality, said.clock ? instant(source) : instant(time)));
        }
        assertThat(throughTheFile(ChunkForm.of(POINT, writer)).states()).isEqualTo(expected);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static ChunkForm throughTheFile(ChunkForm chunk) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            ChunkForm read = ChunkForm.read(chunk.body(deflater));
            assertThat(read.point()).isEqualTo(chunk.point());
            assertThat(List.of(read.first(), read.last())).isEqualTo(List.of(chunk.first(), chunk.last()));
            return read;
        } finally {
            deflater.end();
        }
    }

    @Example
    void aSensorTakesFewBytes() {
        ChunkWriter writer = new ChunkWriter();
        Random random = new Random(7);
        double degrees = 21.5;
        for (int i = 0; i < 1_000; i++) {
            degrees = Math.round(10 * (degrees + random.nextGaussian() / 5)) / 10.0;
            long time = BEGIN + i * 10_000_000L + random.nextInt(20_000);
            writer.add(time, new State(Quantity.of(degrees, "°C"), Quality.GOOD, time - 200, time - 200));
        }
        assertThat(ChunkForm.of(POINT, writer).body(new Deflater(Deflater.DEFAULT_COMPRESSION, true)).length)
                .isLessThan(6_000);
    }

    /** Quality goes and comes: the value and the time of its measurement stay. */
    @Example
    void aStateThatIsOnlyDoubtedKeepsItsSource() {
        ChunkWriter writer = new ChunkWriter();
        State measured = new State(Quantity.of(4, "°C"), Quality.GOOD, BEGIN - 5_000_000, BEGIN);
        writer.add(BEGIN, measured);
        writer.add(BEGIN + 60_000_000, measured.withQuality(Quality.STALE, BEGIN));
        writer.add(BEGIN + 90_000_000, measured.withQuality(Quality.OFFLINE, BEGIN));
        assertThat(ChunkForm.of(POINT, writer).states())
                .extracting(PastState::value, PastState::quality, PastState::sourceTime)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Quantity.of(4, "°C"), Quality.GOOD, instant(BEGIN - 5_000_000)),
                        org.assertj.core.groups.Tuple.tuple(
                                Quantity.of(4, "°C"), Quality.STALE, instant(BEGIN - 5_000_000)),
                        org.assertj.core.groups.Tuple.tuple(
                                Quantity.of(4, "°C"), Quality.OFFLINE, instant(BEGIN - 5_000_000)));
    }

    /** Time never goes back within a point, also if somebody says so. */
    @Example
    void anEarlierTimeIsTakenAsTheSame() {
        ChunkWriter writer = new ChunkWriter();
        writer.add(BEGIN, new State(Bool.ON, Quality.GOOD, BEGIN, BEGIN));
        writer.add(BEGIN - 9, new State(Bool.OFF, Quality.GOOD, BEGIN - 9, BEGIN - 9));
        assertThat(ChunkForm.of(POINT, writer).states())
                .extracting(PastState::time)
                .containsExactly(instant(BEGIN), instant(BEGIN));
    }

    /** Whatever stands in a chunk: states, or a {@link CorruptException}. */
    @Property(tries = 1_000)
    void noiseIsRefused(@ForAll byte[] noise) {
        try {
            ChunkForm.read(noise).states();
        } catch (CorruptException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Example
    void aByteLessIsRefused() {
        ChunkWriter writer = new ChunkWriter();
        writer.add(BEGIN, new State(Quantity.of(1.5, "°C"), Quality.GOOD, BEGIN, BEGIN));
        byte[] raw = writer.toBytes();
        byte[] less = java.util.Arrays.copyOf(raw, raw.length - 1);
        assertThatThrownBy(() -> ChunkReader.read(less, 1, BEGIN)).isInstanceOf(CorruptException.class);
        byte[] more = java.util.Arrays.copyOf(raw, raw.length + 1);
        assertThatThrownBy(() -> ChunkReader.read(more, 1, BEGIN)).isInstanceOf(CorruptException.class);
    }
}
