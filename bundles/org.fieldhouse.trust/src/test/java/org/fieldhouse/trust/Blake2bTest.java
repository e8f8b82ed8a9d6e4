package org.fieldhouse.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Blake2bTest {
    /** RFC 7693 appendix A. */
    @Test
    void hashesAbcAsTheStandardDoes() {
        assertThat(hex("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    /** RFC 7693 appendix E: the hash of hashes of many lengths, of which this is the length 0. */
    @Test
    void hashesNothing() {
        assertThat(hex(new byte[0]))
                .isEqualTo("786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
                        + "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
    }

    /** A block is compressed with another flag if it is the last: lengths around 128 and 256, in pieces of any size. */
    @Property(tries = 300)
    void piecesDoNotMatter(@ForAll @Size(max = 600) byte[] message, @ForAll @IntRange(min = 1, max = 300) int piece) {
        Blake2b pieces = new Blake2b();
        for (int at = 0; at < message.length; at += piece) {
            pieces.update(message, at, Math.min(piece, message.length - at));
        }
        assertThat(HexFormat.of().formatHex(pieces.digest())).isEqualTo(hex(message));
    }

    private static String hex(byte[] message) {
        Blake2b hash = new Blake2b();
        hash.update(message, 0, message.length);
        return HexFormat.of().formatHex(hash.digest());
    }
}
