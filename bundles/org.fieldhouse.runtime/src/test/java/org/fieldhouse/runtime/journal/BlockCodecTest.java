package org.fieldhouse.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.value.Quantity;
import org.junit.jupiter.api.Test;

class BlockCodecTest {
    @Provide
    Arbitrary<List<Event>> events() {
        return Facts.events();
    }

    private static List<Event> read(byte[] data) {
        List<Event> events = new ArrayList<>();
        BlockReader reader = new BlockReader(data);
        reader.read(events::add);
        assertThat(reader.skipped()).isZero();
        return events;
    }

    private static JournalBlock block(List<Event> events) {
        BlockWriter writer = new BlockWriter();
        events.forEach(writer::add);
        return writer.build();
    }

    @Property(tries = 400)
    void everyFactComesBackAsItWas(@ForAll("events") List<Event> events) {
        JournalBlock block = block(events);

        assertThat(read(block.data())).isEqualTo(events);
        assertThat(block.firstSequence()).isEqualTo(events.get(0).sequence());
        assertThat(block.lastSequence()).isEqualTo(events.get(events.size() - 1).sequence());
        assertThat(block.lastMicros()).isEqualTo(events.get(events.size() - 1).timeMicros());
    }

    @Property(tries = 100)
    void aWriterIsUsedAgain(@ForAll("events") List<Event> one, @ForAll("events") List<Event> two) {
        BlockWriter writer = new BlockWriter();
        one.forEach(writer::add);
        writer.build();
        two.forEach(writer::add);
        assertThat(writer.build().data()).isEqualTo(block(two).data());
    }

    /** More than a writer remembers from block to block. */
    @Test
    void aWriterIsUsedForEver() {
        BlockWriter writer = new BlockWriter();
        long sequence = 0;
        for (int block = 0; block < 40; block++) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                // Each block has half of its words from the one before.
                String word = "Wort-für-" + (block * 500 + i);
                events.add(new Event(
                        ++sequence, sequence, Cause.CLOCK, new Fact.AuditRecorded("action", word, "détail €")));
            }
            events.forEach(writer::add);
            assertThat(read(writer.build().data())).isEqualTo(events);
        }
    }

    @Property(tries = 100)
    void aFlippedBitIsNoticed(@ForAll("events") List<Event> events, @ForAll Random random) {
        byte[] data = block(events).data();
        data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> read(data)).isInstanceOf(CorruptException.class);
    }

    /** Garbage with a right checksum: an older or a broken writer. Nothing but CorruptException may come out of it. */
    @Property(tries = 400)
    void garbageIsRefusedOrSkipped(@ForAll("events") List<Event> events, @ForAll Random random) {
        byte[] data = block(events).data();
        for (int i = 0; i < 3; i++) {
            data[BlockWriter.HEADER + random.nextInt(data.length - BlockWriter.HEADER)] = (byte) random.nextInt();
        }
        byte[] cut =
                Arrays.copyOf(data, data.length - random.nextInt(2) * random.nextInt(data.length - BlockWriter.HEADER));
        CRC32C crc = new CRC32C();
        crc.update(cut, BlockWriter.HEADER, cut.length - BlockWriter.HEADER);
        for (int i = 0; i < 4; i++) {
            cut[3 + i] = (byte) ((int) crc.getValue() >>> 8 * i);
        }
        try {
            new BlockReader(cut).read(e -> true);
        } catch (CorruptException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    /** A later version's fact is skipped; what comes after it is read. */
    @Test
    void anUnknownFactIsSkippedAndCounted() {
        byte[] data = block(List.of(
                        new Event(1, 1, Cause.RUNTIME, new Fact.RuntimeStopped()),
                        new Event(2, 2, Cause.RUNTIME, new Fact.TimerElapsed(7))))
                .data();
        int code = 20 << 2;
        int at = BlockWriter.HEADER;
        while ((data[at] & 0xff) != code) {
            at++;
        }
        data[at] = 63 << 1;
        CRC32C crc = new CRC32C();
        crc.update(data, BlockWriter.HEADER, data.length - BlockWriter.HEADER);
        for (int i = 0; i < 4; i++) {
            data[3 + i] = (byte) ((int) crc.getValue() >>> 8 * i);
        }
        BlockReader reader = new BlockReader(data);
        List<Event> events = new ArrayList<>();
        reader.read(events::add);
        assertThat(reader.skipped()).isEqualTo(1);
        assertThat(events).extracting(Event::sequence).containsExactly(2L);
    }

    @Test
    void aReportTakesAFewBytes() {
        BlockWriter writer = new BlockWriter();
        Random random = new Random(1);
        Cause cause = Cause.device(new org.fieldhouse.api.model.DeviceId("sensor"));
        State before = State.NONE;
        for (int i = 0; i < 1_000; i++) {
            long micros = 1_700_000_000_000_000L + i * 1_000L;
            State after = new State(
                    Quantity.of(Math.round(random.nextDouble() * 3_000) / 100.0, "°C"),
                    Quality.GOOD,
                    micros - 3,
                    micros - 3);
            writer.add(new Event(
                    i + 1, micros, cause, new Fact.StateChanged(PointId.of("sensor", "temperature"), before, after)));
            before = after;
        }
        assertThat(writer.build().data().length).isLessThan(20_000);
    }
}
