package org.fieldhouse.binding.bluetooth;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fieldhouse.binding.bluetooth.codec.Advertisement;
import org.jspecify.annotations.Nullable;

/**
 * What properties of org.bluez.Device1 tell of the radio.
 *
 * @param rssi dBm; null if they do not say
 * @param advertisement may be empty
 * @param odd what is not of the type that BlueZ documents; empty if all is
 */
record Radio(@Nullable Integer rssi, Advertisement advertisement, String odd) {
    /** The part of a 128-bit UUID after the 16 or 32 bits that the Bluetooth SIG gives: Core Specification, Vol 3, Part B, 2.5.1. */
    private static final String SIG = "-0000-1000-8000-00805f9b34fb";

    static Radio of(Map<String, Object> properties) {
        StringBuilder odd = new StringBuilder();
        Map<Integer, byte[]> services = new HashMap<>();
        Map<Integer, byte[]> makers = new HashMap<>();
        map(properties, "ServiceData", odd).forEach((uuid, data) -> {
            Integer known = shortUuid(uuid);
            if (known != null) {
                services.put(known, bytes(data, "ServiceData", odd));
            }
        });
        map(properties, "ManufacturerData", odd).forEach((company, data) -> {
            if (company instanceof Integer id) {
                makers.put(id, bytes(data, "ManufacturerData", odd));
            } else {
                odd.append("ManufacturerData: ").append(company).append("; ");
            }
        });
        Integer rssi = properties.get("RSSI") instanceof Integer dBm ? dBm : null;
        return new Radio(rssi, new Advertisement(services, makers), odd.toString());
    }

    /** Whether it is of the device itself: bluetoothd also tells of names and pairings, which are no sign of life. */
    boolean isHeard() {
        return rssi != null || !advertisement.isEmpty() || !odd.isEmpty();
    }

    private static Map<?, ?> map(Map<String, Object> properties, String name, StringBuilder odd) {
        Object value = properties.get(name);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            odd.append(name).append(" is no dictionary; ");
        }
        return Map.of();
    }

    private static byte[] bytes(Object data, String name, StringBuilder odd) {
        if (data instanceof byte[] bytes) {
            return bytes;
        }
        if (!(data instanceof List<?> list && list.isEmpty())) {
            odd.append(name).append(" has no bytes; ");
        }
        return new byte[0];
    }

    private static @Nullable Integer shortUuid(Object uuid) {
        String text = String.valueOf(uuid).toLowerCase(Locale.ROOT);
        if (text.length() != 36 || !text.endsWith(SIG) || !text.startsWith("0000")) {
            return null;
        }
        try {
            return Integer.valueOf(text.substring(4, 8), 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
