package org.fieldhouse.binding.bluetooth.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.heard;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.hex;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.said;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.fieldhouse.api.model.PointSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AdvertisementCodecTest {
    private static List<Decoded> ruuvi(String digits) {
        return AdvertisementCodec.decode(Advertisement.ofMaker(0x0499, hex(digits)), Vectors.ADDRESS, null);
    }

    private static List<Decoded> eddystone(String digits) {
        return AdvertisementCodec.decode(Advertisement.ofService(0xFEAA, hex(digits)), Vectors.ADDRESS, null);
    }

    /** docs.ruuvi.com, Data format 5, test vectors: valid data, maximum values, minimum values, invalid values. */
    @Tag("golden")
    @Test
    void readsRuuvisTestVectors() {
        Decoded.Heard valid = heard(ruuvi("0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F"));
        assertThat(said(valid))
                .containsExactly(
                        "temperature 24.3 °C",
                        "humidity 53.49 %",
                        "pressure 1000.44 hPa",
                        "acceleration_x 0.039227 m/s²",
                        "acceleration_y -0.039227 m/s²",
                        "acceleration_z 10.159689 m/s²",
                        "voltage 2.977 V",
                        "movements 66");
        assertThat(valid.packet()).isEqualTo(205);
        assertThat(said(heard(ruuvi("057FFFFFFEFFFE7FFF7FFF7FFFFFDEFEFFFECBB8334C884F"))))
                .contains("temperature 163.835 °C", "humidity 163.835 %", "pressure 1155.34 hPa", "voltage 3.646 V");
        assertThat(said(heard(ruuvi("058001000000008001800180010000000000CBB8334C884F"))))
                .contains(
                        "temperature -163.835 °C", "humidity 0 %", "pressure 500 hPa", "voltage 1.6 V", "movements 0");
        Decoded.Heard invalid = heard(ruuvi("058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF"));
        assertThat(invalid.readings()).hasSize(8).allMatch(reading -> reading.value() == null);
        assertThat(invalid.packet()).isEqualTo(-1);
    }

    /** eddystone-tlm/tlm-plain.md and eddystone-uid/README.md: the fields in their order. */
    @Tag("golden")
    @Test
    void readsEddystone() {
        assertThat(said(heard(eddystone("2000 0BB8 1680 00000064 00000258"))))
                .containsExactly("voltage 3 V", "temperature 22.5 °C", "uptime 60 s");
        assertThat(heard(eddystone("2000 0000 8000 00000064 00000258"))
                        .readings()
                        .subList(0, 2))
                .allMatch(reading -> reading.value() == null);
        assertThat(eddystone("2001 0BB8168000000064000002580000"))
                .singleElement()
                .isInstanceOf(Decoded.Locked.class);
        assertThat(heard(eddystone("00 E7 00112233445566778899 AABBCCDDEEFF 0000"))
                        .details())
                .isEqualTo(Map.of("namespace", "00112233445566778899", "instance", "AABBCCDDEEFF"));
        assertThat(eddystone("10 00 00 66")).isEmpty();
    }

    /** Proximity Beacon Specification, table 1. */
    @Tag("golden")
    @Test
    void readsAnIbeacon() {
        List<Decoded> decoded = AdvertisementCodec.decode(
                Advertisement.ofMaker(0x004C, hex("0215 00112233445566778899AABBCCDDEEFF 0001 0203 C5")),
                Vectors.ADDRESS,
                null);
        assertThat(heard(decoded).details())
                .isEqualTo(Map.of("beacon", "00112233445566778899AABBCCDDEEFF", "major", "1", "minor", "515"));
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        assertThat(AdvertisementCodec.decode(Advertisement.ofMaker(0x004C, hex("1005031C")), Vectors.ADDRESS, null))
                .isEmpty();
        assertThat(AdvertisementCodec.decode(Advertisement.ofService(0x180F, hex("64")), Vectors.ADDRESS, null))
                .isEmpty();
        assertThat(ruuvi("03291A1ECE1EFC18F94202CA0B53")).isEmpty();
    }

    @Test
    void refusesWhatIsCutOff() {
        assertThat(ruuvi("0512FC5394C37C")).singleElement().isInstanceOf(Decoded.Corrupt.class);
        assertThat(eddystone("2000 0BB8")).singleElement().isInstanceOf(Decoded.Corrupt.class);
        assertThat(eddystone("")).singleElement().isInstanceOf(Decoded.Corrupt.class);
    }

    /** Whatever is on the air: no exception, and what comes out fits what it says of itself. */
    @Property(tries = 20_000)
    void survivesAnything(@ForAll @Size(max = 255) byte[] data, @ForAll boolean keyed, @ForAll byte information) {
        byte[] bthome = data.clone();
        if (bthome.length > 0) {
            bthome[0] = (byte) (0x40 | information & 0x07);
        }
        Advertisement all = new Advertisement(Map.of(0xFCD2, bthome, 0xFEAA, data), Map.of(0x0499, data, 0x004C, data));
        for (Decoded decoded : AdvertisementCodec.decode(all, Vectors.ADDRESS, keyed ? Vectors.KEY : null)) {
            if (decoded instanceof Decoded.Heard heard) {
                for (Reading reading : heard.readings()) {
                    PointSpec point = reading.point();
                    if (reading.value() != null) {
                        assertThat(point.value().violation(reading.value())).isEmpty();
                    }
                }
            }
        }
    }

    /** All that is cut short of a good packet, at every place. */
    @Test
    void aPacketMayEndAnywhere() {
        byte[] whole = hex("40 0001 02CA09 03BF13 3A01 3C0103 530548656C6C6F F100010204");
        for (int end = 0; end < whole.length; end++) {
            byte[] part = Arrays.copyOf(whole, end);
            assertThat(AdvertisementCodec.decode(Advertisement.ofService(0xFCD2, part), Vectors.ADDRESS, null))
                    .hasSize(1);
        }
    }
}
