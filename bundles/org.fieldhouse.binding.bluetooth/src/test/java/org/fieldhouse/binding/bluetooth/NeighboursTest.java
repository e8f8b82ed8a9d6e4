package org.fieldhouse.binding.bluetooth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.binding.bluetooth.codec.Advertisement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighboursTest {
    private static final long MINUTE = 60_000;

    private final Neighbours neighbours = new Neighbours(DeviceId.of("hci"), 3);

    private @Nullable Candidate hear(String address, String type, int rssi, Advertisement advertisement, long millis) {
        return neighbours.hear(address, Map.of("AddressType", type), new Radio(rssi, advertisement, ""), millis);
    }

    private @Nullable Candidate hear(String address, String type) {
        return hear(address, type, -70, new Advertisement(Map.of(), Map.of()), 1);
    }

    /** Core Specification, Vol 6, Part B, 1.3.2: 11 static, 01 resolvable private, 00 non-resolvable private. */
    @ParameterizedTest
    @CsvSource({
        "A4:C1:38:00:00:01, public, true",
        "44:00:00:00:00:01, public, true",
        "C4:00:00:00:00:01, random, true",
        "FF:00:00:00:00:01, random, true",
        "44:00:00:00:00:01, random, false",
        "7F:00:00:00:00:01, random, false",
        "04:00:00:00:00:01, random, false",
    })
    void offersOnlyWhoKeepsItsAddress(String address, String type, boolean offered) {
        assertThat(hear(address, type) != null).isEqualTo(offered);
    }

    @Test
    void offersNoMoreThanItMay() {
        int offered = 0;
        for (int i = 0; i < 10; i++) {
            offered += hear("A4:C1:38:00:00:0%X".formatted(i), "public") == null ? 0 : 1;
        }
        assertThat(offered).isEqualTo(3);
        assertThat(neighbours.sweep(16 * MINUTE)).hasSize(3);
        assertThat(hear("A4:C1:38:00:00:0F", "public")).isNotNull();
    }

    /** A crowd of telephones passes; who is of the house stays. */
    @Test
    void forgetsPassersByFirst() {
        List<DeviceId> withdrawn = new ArrayList<>();
        assertThat(neighbours.own("A4:C1:38:00:00:01", DeviceId.of("mine"), withdrawn))
                .isNull();
        hear("A4:C1:38:00:00:01", "public");
        for (int i = 0; i < 5_000; i++) {
            hear("44:00:00:00:%02X:%02X".formatted(i >> 8, i & 0xFF), "random");
        }
        assertThat(neighbours.inRange(2)).isLessThanOrEqualTo(2_003);
        assertThat(neighbours.own("A4:C1:38:00:00:01", DeviceId.of("mine"), withdrawn))
                .isNotNull();
        assertThat(withdrawn).isEmpty();
    }

    /** Each offer is an event in the journal. */
    @Test
    void aSignalThatWaversIsNotOfferedAgain() {
        Advertisement none = new Advertisement(Map.of(), Map.of());
        assertThat(hear("A4:C1:38:00:00:01", "public", -70, none, 1)).isNotNull();
        assertThat(hear("A4:C1:38:00:00:01", "public", -50, none, 2)).isNull();
        assertThat(hear("A4:C1:38:00:00:01", "public", -75, none, 5 * MINUTE)).isNull();
        assertThat(hear("A4:C1:38:00:00:01", "public", -50, none, 5 * MINUTE))
                .extracting(Candidate::title)
                .asString()
                .endsWith("-50 dBm");
    }

    @Test
    void saysWhatItIs() {
        Advertisement locked = Advertisement.ofService(0xFCD2, new byte[] {0x41, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(hear("A4:C1:38:00:00:01", "public", -70, locked, 1))
                .isEqualTo(new Candidate(
                        DeviceId.of("ble:A4:C1:38:00:00:01"),
                        "bluetooth",
                        "sensor",
                        DeviceId.of("hci"),
                        "Ble_A4C138000001",
                        "BTHome v2, encrypted, A4:C1:38:00:00:01, -70 dBm",
                        Map.of("address", "A4:C1:38:00:00:01")));
    }
}
