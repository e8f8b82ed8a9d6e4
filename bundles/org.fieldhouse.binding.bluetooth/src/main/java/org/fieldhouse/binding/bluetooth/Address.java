package org.fieldhouse.binding.bluetooth;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Bluetooth device addresses: six bytes as {@code A4:C1:38:56:53:84}, the most significant first. */
final class Address {
    private static final Pattern FORM = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2}){5}");

    private Address() {}

    static boolean is(String text) {
        return FORM.matcher(text).matches();
    }

    static String normal(String text) {
        return text.strip().toUpperCase(Locale.ROOT).replace('-', ':');
    }

    static byte[] bytes(String address) {
        return HexFormat.ofDelimiter(":").withUpperCase().parseHex(address);
    }

    /**
     * Whether the device will have it tomorrow too: a public or a static random one. Private ones change every quarter of an hour or
     * so (Core Specification, Vol 6, Part B, 1.3.2: the two most significant bits of a static one are 11).
     *
     * @param type {@code public} or {@code random}, as org.bluez.Device1 says
     */
    static boolean isLasting(String address, String type) {
        return type.equals("public") || (bytes(address)[0] & 0xC0) == 0xC0;
    }
}
