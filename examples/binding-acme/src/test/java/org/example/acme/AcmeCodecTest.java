package org.example.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.example.acme.AcmeCodec.Line;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcmeCodecTest {
    private static List<Line> feed(AcmeCodec codec, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return codec.feed(bytes, bytes.length);
    }

    /** Frames as the manual has them: write down where from. */
    @Tag("golden")
    @Test
    void understandsWhatTheManualShows() {
        assertThat(feed(new AcmeCodec(), "speed 40\ntemperature 21.5\r\ntemperature -3\nspeed 101\ntemperature 200\n"))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Line.Speed(40)),
                        second -> assertThat(second).isEqualTo(new Line.Temperature(21.5)),
                        third -> assertThat(third).isEqualTo(new Line.Temperature(-3)),
                        fourth -> assertThat(fourth).isInstanceOf(Line.Corrupt.class),
                        fifth -> assertThat(fifth).isInstanceOf(Line.Corrupt.class));
    }

    @Tag("golden")
    @ParameterizedTest
    @CsvSource({"0, speed 0", "40, speed 40", "99.6, speed 100"})
    void saysWhatTheManualShows(double percent, String line) {
        assertThat(new String(AcmeCodec.encode(percent), StandardCharsets.US_ASCII)).isEqualTo(line + "\n");
    }

    /** The wire cuts where it likes. */
    @Test
    void aLineMayComeInPiecesOfAnySize() {
        String text = "speed 7\ntemperature 20.25\nspeed 8\n";
        List<Line> whole = feed(new AcmeCodec(), text);
        assertThat(whole).hasSize(3);
        for (int cut = 0; cut <= text.length(); cut++) {
            AcmeCodec codec = new AcmeCodec();
            List<Line> parts = new ArrayList<>(feed(codec, text.substring(0, cut)));
            parts.addAll(feed(codec, text.substring(cut)));
            assertThat(parts).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @Tag("fuzz")
    @Test
    void survivesAnythingAndFindsTheNextLine() {
        Random random = new Random(1);
        for (int round = 0; round < 5_000; round++) {
            AcmeCodec codec = new AcmeCodec();
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            codec.feed(garbage, garbage.length);
            assertThat(codec.rest().length).isLessThanOrEqualTo(AcmeCodec.LONGEST);
            List<Line> lines = feed(codec, "\nspeed 40\n");
            assertThat(lines.get(lines.size() - 1)).isEqualTo(new Line.Speed(40));
        }
    }
}
