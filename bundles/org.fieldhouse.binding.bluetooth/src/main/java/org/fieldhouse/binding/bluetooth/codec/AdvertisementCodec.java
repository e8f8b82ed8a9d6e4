package org.fieldhouse.binding.bluetooth.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All formats that are known, over one advertisement. */
public final class AdvertisementCodec {
    private AdvertisementCodec() {}

    /**
     * What the formats make of it; empty if none of them knows it. Never throws.
     *
     * @param address of the device, 6 bytes, the most significant first
     * @param key bind key of the device, 16 bytes; null if there is none
     */
    public static List<Decoded> decode(Advertisement advertisement, byte[] address, byte @Nullable [] key) {
        List<Decoded> all = new ArrayList<>();
        advertisement.services().forEach((uuid, data) -> add(all, service(uuid, data, address, key)));
        advertisement.makers().forEach((company, data) -> add(all, maker(company, data)));
        return all;
    }

    private static void add(List<Decoded> all, @Nullable Decoded decoded) {
        if (decoded != null) {
            all.add(decoded);
        }
    }

    private static @Nullable Decoded service(int uuid, byte[] data, byte[] address, byte @Nullable [] key) {
        return switch (uuid) {
            case BthomeCodec.UUID -> BthomeCodec.decode(data, address, key);
            case BeaconCodec.EDDYSTONE_UUID -> BeaconCodec.eddystone(data);
            default -> null;
        };
    }

    private static @Nullable Decoded maker(int company, byte[] data) {
        return switch (company) {
            case RuuviCodec.COMPANY -> RuuviCodec.decode(data);
            case BeaconCodec.APPLE -> BeaconCodec.apple(data);
            default -> null;
        };
    }
}
