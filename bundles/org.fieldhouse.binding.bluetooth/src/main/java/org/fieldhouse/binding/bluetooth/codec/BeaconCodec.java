package org.fieldhouse.binding.bluetooth.codec;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.jspecify.annotations.Nullable;

/** Beacons: iBeacon (Apple, Proximity Beacon Specification, 2015-09) and Eddystone (github.com/google/eddystone). */
final class BeaconCodec {
    static final String IBEACON = "iBeacon";
    static final String EDDYSTONE = "Eddystone";
    /** Apple, Inc., Bluetooth SIG Assigned Numbers, 7.1. */
    static final int APPLE = 0x004C;
    /** Google's 16-bit UUID for Eddystone, protocol-specification.md. */
    static final int EDDYSTONE_UUID = 0xFEAA;

    /** Type 0x02 and length 0x15, then UUID (16), major (2), minor (2), measured power (1). */
    private static final int IBEACON_LENGTH = 2 + 16 + 2 + 2 + 1;

    private static final int UID = 0x00;
    /** Frame, power, namespace (10), instance (6); two reserved bytes may follow. */
    private static final int UID_LENGTH = 18;

    private static final int TLM = 0x20;
    private static final int TLM_LENGTH = 14;

    private static final PointSpec VOLTAGE =
            PointSpec.measurement("voltage", ValueSpec.quantity(Units.of("V"))).withCategory(Category.DIAGNOSTIC);
    private static final PointSpec TEMPERATURE =
            PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS));
    private static final PointSpec UPTIME =
            PointSpec.measurement("uptime", ValueSpec.quantity(Units.SECOND)).withCategory(Category.DIAGNOSTIC);

    private BeaconCodec() {}

    /** Null for what of Apple's is no iBeacon. */
    static @Nullable Decoded apple(byte[] data) {
        if (data.length < 2 || data[0] != 0x02 || data[1] != 0x15) {
            return null;
        }
        if (data.length != IBEACON_LENGTH) {
            return new Decoded.Corrupt(IBEACON, data.length + " bytes, not " + IBEACON_LENGTH);
        }
        return Decoded.Heard.of(
                IBEACON,
                List.of(),
                -1,
                Map.of(
                        "beacon", Bytes.hex(data, 2, 18),
                        "major", String.valueOf(Bytes.big(data, 18, 2, false)),
                        "minor", String.valueOf(Bytes.big(data, 20, 2, false))));
    }

    /** eddystone-uid/README.md, eddystone-tlm/README.md and tlm-plain.md. Null for a frame that says nothing about the device. */
    static @Nullable Decoded eddystone(byte[] data) {
        int frame = data.length == 0 ? -1 : data[0] & 0xFF;
        return switch (frame) {
            case UID ->
                data.length < UID_LENGTH
                        ? new Decoded.Corrupt(EDDYSTONE, "a UID frame of " + data.length + " bytes, not " + UID_LENGTH)
                        : Decoded.Heard.of(
                                EDDYSTONE,
                                List.of(),
                                -1,
                                Map.of("namespace", Bytes.hex(data, 2, 12), "instance", Bytes.hex(data, 12, 18)));
            case TLM -> telemetry(data);
            case -1 -> new Decoded.Corrupt(EDDYSTONE, "without a frame");
            default -> null;
        };
    }

    private static Decoded telemetry(byte[] data) {
        if (data.length < 2) {
            return new Decoded.Corrupt(EDDYSTONE, "a TLM frame without a version");
        }
        if (data[1] != 0) {
            return new Decoded.Locked(
                    EDDYSTONE, "its telemetry is encrypted (version " + data[1] + "), which is not supported");
        }
        if (data.length != TLM_LENGTH) {
            return new Decoded.Corrupt(EDDYSTONE, "a TLM frame of " + data.length + " bytes, not " + TLM_LENGTH);
        }
        long millivolts = Bytes.big(data, 2, 2, false);
        long temperature = Bytes.big(data, 4, 2, true); // 8.8 fixed point
        long uptime = Bytes.big(data, 10, 4, false); // 0.1 s
        return Decoded.Heard.of(
                EDDYSTONE,
                List.of(
                        new Reading(VOLTAGE, millivolts == 0 ? null : new Quantity(millivolts / 1000.0, Units.of("V"))),
                        new Reading(
                                TEMPERATURE,
                                temperature == Short.MIN_VALUE
                                        ? null
                                        : new Quantity(temperature / 256.0, Units.CELSIUS)),
                        new Reading(UPTIME, new Quantity(uptime / 10.0, Units.SECOND))),
                -1,
                Map.of());
    }
}
