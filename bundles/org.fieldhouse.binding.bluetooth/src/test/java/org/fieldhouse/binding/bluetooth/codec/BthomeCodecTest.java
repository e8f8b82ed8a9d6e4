package org.fieldhouse.binding.bluetooth.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.KEY;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.bthome;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.heard;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.hex;
import static org.fieldhouse.binding.bluetooth.codec.Vectors.said;

import java.util.Map;
import org.fieldhouse.api.value.Quantity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BthomeCodecTest {
    /** The column "example" and its result in the tables of bthome.io/format; those after it from bthome-ble's tests of the same. */
    @Tag("golden")
    @ParameterizedTest
    @CsvSource({
        "0161, battery 97 %",
        "02CA09, temperature 25.06 °C",
        "03BF13, humidity 50.55 %",
        "04138A01, pressure 1008.83 hPa",
        "05138A14, illuminance 13460.67 lx",
        "065E1F, mass 80.3 kg",
        "073E1D, mass 74.86 lb",
        "08CA06, dewpoint 17.38 °C",
        "0960, count 96",
        "0A138A14, energy 1346.067 kWh",
        "0B021B00, power 69.14 W",
        "0C020C, voltage 3.074 V",
        "0D120C, pm2_5 3090 µg/m³",
        "0E021C, pm10 7170 µg/m³",
        "0F01, generic on",
        "1001, powered on",
        "1100, contact closed",
        "12E204, co2 1250 ppm",
        "133301, tvoc 307 µg/m³",
        "14020C, moisture 30.74 %",
        "1501, battery_low low",
        "1601, charging on",
        "1700, carbon_monoxide clear",
        "1801, cold cold",
        "1900, connectivity disconnected",
        "1A00, contact closed",
        "1B01, contact open",
        "1C01, gas_alarm detected",
        "1D00, heat normal",
        "1E01, light light",
        "1F01, locked unlocked",
        "1F00, locked locked",
        "2001, water_leak wet",
        "2100, occupancy clear",
        "2201, moving moving",
        "2301, occupancy detected",
        "2400, plug unplugged",
        "2500, home away",
        "2601, problem problem",
        "2701, running on",
        "2800, safety unsafe",
        "2901, smoke detected",
        "2A00, sound clear",
        "2B00, tamper off",
        "2C01, vibration detected",
        "2D01, contact open",
        "2E23, humidity 35 %",
        "2F23, moisture 35 %",
        "3D0960, count 24585",
        "3E2A2C0960, count 1611213866",
        "3F020C, rotation 307.4 °",
        "400C00, distance 12 mm",
        "414E00, distance 7.8 m",
        "424E3400, duration 13.39 s",
        "434E34, current 13.39 A",
        "444E34, speed 133.9 m/s",
        "451101, temperature 27.3 °C",
        "4632, uv_index 5",
        "478756, volume 2215.1 l",
        "48DC87, volume 34780 ml",
        "49DC87, flow 34.78 m³/h",
        "4A020C, voltage 307.4 V",
        "4B138A14, gas 1346.067 m³",
        "4C41018A01, gas 25821.505 m³",
        "4D12138A14, energy 344593.17 kWh",
        "4E87562A01, volume 19551.879 l",
        "4F87562A01, water 19551.879 l",
        "505D396164, timestamp 2023-05-14T19:41:17Z",
        "518756, acceleration 22.151 m/s²",
        "528756, gyroscope 22.151 °/s",
        "530C48656C6C6F20576F726C6421, text Hello World!",
        "540C48656C6C6F20576F726C6421, raw 48656C6C6F20576F726C6421",
        "5587562A01, volume_storage 19551.879 l",
        "56E803, conductivity 1000 µS/cm",
        "57EA, temperature -22 °C",
        "58EA, temperature -7.7 °C",
        "59EA, count -22",
        "5AEAEA, count -5398",
        "5BEA0234EA, count -365690134",
        "5C02FBFFFF, power -12.78 W",
        "5D02EA, current -5.63 A",
        "5E9F8C, direction 359.99 °",
        "5F8300, precipitation 13.1 mm",
        "6001, channel 1",
        "61AC0D, rotational_speed 3500 rpm",
        "624099DFFF, speed -2.123456 m/s",
        "6402, light_level 2",
    })
    void readsTheExamplesOfTheFormat(String object, String meaning) {
        Decoded.Heard heard = heard(bthome("40" + object, null));
        assertThat(said(heard)).containsExactly(meaning);
        assertThat(heard.left()).isEmpty();
    }

    @Tag("golden")
    @Test
    void readsSeveralOfOneKind() {
        Decoded.Heard heard = heard(bthome("40 02CA09 02CF09 0308B7", null));
        assertThat(said(heard)).containsExactly("temperature 25.06 °C", "temperature_2 25.11 °C", "humidity 468.56 %");
    }

    /** bthome.io/format: events; three buttons, of which the first was not pressed. */
    @Tag("golden")
    @Test
    void readsButtonsAndDimmers() {
        Decoded.Heard heard = heard(bthome("44 0007 3A00 3A01 3A03 3A80 3C0103 3C0205", null));
        assertThat(heard.packet()).isEqualTo(7);
        assertThat(heard.byTrigger()).isTrue();
        assertThat(heard.happenings())
                .containsExactly(
                        new Happening("pressed", Map.of("button", Quantity.of(2))),
                        new Happening("triple_pressed", Map.of("button", Quantity.of(3))),
                        new Happening("held", Map.of("button", Quantity.of(4))),
                        new Happening("turned_left", Map.of("dimmer", Quantity.of(1), "steps", Quantity.of(3))),
                        new Happening("turned_right", Map.of("dimmer", Quantity.of(2), "steps", Quantity.of(5))));
        assertThat(heard.events()).hasSize(9);
    }

    /** bthome.io/format: device information. */
    @Tag("golden")
    @Test
    void readsWhatTheDeviceIs() {
        assertThat(heard(bthome("40 0161 F00100 F100010204", null)).details())
                .isEqualTo(Map.of("device type", "1", "firmware", "4.2.1.0"));
        assertThat(heard(bthome("40 0161 F2000106", null)).details()).isEqualTo(Map.of("firmware", "6.1.0"));
    }

    /** bthome.io/encryption, the example; and bthome-ble's tests: motion, and with the address inside. */
    @Tag("golden")
    @Test
    void opensWhatIsEncrypted() {
        Decoded.Heard heard = heard(bthome("41 A47266C95F73 00112233 78237214", KEY));
        assertThat(said(heard)).containsExactly("temperature 25.06 °C", "humidity 50.55 %");
        assertThat(heard.counter()).isEqualTo(0x33221100L);
        assertThat(said(heard(bthome("41 87B9 00112233 72B0231F", KEY)))).containsExactly("occupancy detected");
        byte[] other = hex("000000000000");
        assertThat(said(heard(AdvertisementCodec.decode(
                        Advertisement.ofService(0xFCD2, hex("43 A5808FE64854 F196C06FFB49 00112233 F08ECBDE")),
                        other,
                        KEY))))
                .hasSize(2);
    }

    /** Each bit of what is encrypted counts, and so do key, address, and being encrypted at all. */
    @Test
    void isNeverWrongAboutWhatIsEncrypted() {
        byte[] right = hex("41 A47266C95F73 00112233 78237214");
        for (int bit = 8; bit < right.length * 8; bit++) {
            byte[] wrong = right.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(AdvertisementCodec.decode(Advertisement.ofService(0xFCD2, wrong), Vectors.ADDRESS, KEY))
                    .as("bit %d", bit)
                    .singleElement()
                    .isInstanceOf(Decoded.Locked.class);
        }
        assertThat(bthome("41 A47266C95F73 00112233 78237214", null))
                .singleElement()
                .isEqualTo(
                        new Decoded.Locked("BTHome v2", "its advertisements are encrypted: set 'key' to its bind key"));
        assertThat(bthome("41 A47266C95F73 00112233 78237214", hex("814aac74c4f17b6c1581e1ab87816b99")))
                .singleElement()
                .isInstanceOf(Decoded.Locked.class);
        assertThat(bthome("40 02CA09", KEY)).singleElement().isInstanceOf(Decoded.Locked.class);
    }

    /** RFC 3610, section 8, packet vector 1. */
    @Tag("golden")
    @Test
    void itsCipherIsThatOfTheRfc() {
        byte[] key = hex("C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF");
        byte[] nonce = hex("00000003020100A0A1A2A3A4A5");
        byte[] header = hex("0001020304050607");
        byte[] text = hex("588C979A61C663D2F066D0C2C0F989806D5F6B61DAC384");
        assertThat(Ccm.open(key, nonce, header, text, hex("17E8D12CFDF926E0")))
                .isEqualTo(hex("08090A0B0C0D0E0F101112131415161718191A1B1C1D1E"));
        assertThat(Ccm.open(key, nonce, header, text, hex("17E8D12CFDF926E1"))).isNull();
        assertThat(Ccm.open(key, nonce, hex("0101020304050607"), text, hex("17E8D12CFDF926E0")))
                .isNull();
    }

    @Test
    void saysWhatItCannotReadAndKeepsWhatItCould() {
        Decoded.Heard unknown = heard(bthome("40 02CA09 EE0102", null));
        assertThat(said(unknown)).containsExactly("temperature 25.06 °C");
        assertThat(unknown.left()).isEqualTo("object 0xEE is not known, and 3 bytes are left unread");
        assertThat(heard(bthome("40 02CA09 03BF", null)).left()).isEqualTo("object 0x03 is cut off");
        assertThat(heard(bthome("40 1A07", null)).readings())
                .singleElement()
                .satisfies(reading -> assertThat(reading.value()).isNull());
        assertThat(heard(bthome("40 530187", null)).left()).isEqualTo("a text that is not UTF-8");
        assertThat(heard(bthome("40 3AFE", null)).left()).isEqualTo("gesture 0xFE of button 1 is not known");
    }

    @ParameterizedTest
    @CsvSource({"'', without a device", "20, version 1", "E1020C, version 7", "40EE01, object 0xEE", "42B218, cut off"})
    void refusesWhatIsNotOfItsFormat(String data, String why) {
        assertThat(bthome(data, null))
                .singleElement()
                .isInstanceOfSatisfying(Decoded.Corrupt.class, corrupt -> assertThat(corrupt.reason())
                        .startsWith(why));
    }
}
