package org.fieldhouse.binding.bluetooth.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Bytes as the documents write them. */
final class Vectors {
    /** Of the examples in bthome.io/encryption. */
    static final byte[] ADDRESS = hex("5448E68F80A5");

    static final byte[] KEY = hex("231d39c1d7cc1ab1aee224cd096db932");

    private Vectors() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static List<Decoded> bthome(String digits, byte @Nullable [] key) {
        return AdvertisementCodec.decode(Advertisement.ofService(0xFCD2, hex(digits)), ADDRESS, key);
    }

    static Decoded.Heard heard(List<Decoded> decoded) {
        assertThat(decoded).singleElement().isInstanceOf(Decoded.Heard.class);
        return (Decoded.Heard) decoded.get(0);
    }

    /** {@code temperature 25.06 °C}, in the words of a BOOL: {@code contact open}. */
    static List<String> said(Decoded.Heard heard) {
        return heard.readings().stream()
                .map(reading -> reading.point().name() + " " + shown(reading))
                .toList();
    }

    private static String shown(Reading reading) {
        Value value = reading.value();
        return value instanceof Bool bool ? reading.point().value().word(bool) : String.valueOf(value);
    }
}
