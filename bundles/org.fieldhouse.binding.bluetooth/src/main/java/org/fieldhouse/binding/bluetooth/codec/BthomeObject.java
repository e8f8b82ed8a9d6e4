package org.fieldhouse.binding.bluetooth.codec;

import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.jspecify.annotations.Nullable;

/**
 * An object of BTHome v2: the tables <em>Sensor data</em>, <em>Binary sensor data</em>, <em>Events</em> and <em>Device information</em>
 * of bthome.io/format.
 *
 * @param kind how its bytes are read
 * @param length of its data, bytes; 0 if the first byte of the data says it
 * @param point what it becomes; null for what is no point
 * @param multiplier the value is raw × multiplier / divisor, so that decimal factors stay exact
 * @param divisor see there
 */
record BthomeObject(Kind kind, int length, @Nullable PointSpec point, int multiplier, int divisor) {
    enum Kind {
        UNSIGNED,
        SIGNED,
        /** A byte: 0 or 1. */
        BINARY,
        /** A byte as BINARY, whose 1 is this house's off. */
        BINARY_REVERSED,
        TEXT,
        RAW,
        /** Seconds since 1970-01-01T00:00Z. */
        TIMESTAMP,
        PACKET,
        BUTTON,
        DIMMER,
        DEVICE_TYPE,
        FIRMWARE
    }

    private static final Map<Integer, BthomeObject> TABLE = new HashMap<>();

    static {
        other(0x00, Kind.PACKET, 1);
        number(0x01, "battery", 1, false, 1, "%", Category.DIAGNOSTIC);
        number(0x02, "temperature", 2, true, 100, "°C");
        number(0x03, "humidity", 2, false, 100, "%");
        number(0x04, "pressure", 3, false, 100, "hPa");
        number(0x05, "illuminance", 3, false, 100, "lx");
        number(0x06, "mass", 2, false, 100, "kg");
        number(0x07, "mass", 2, false, 100, "lb");
        number(0x08, "dewpoint", 2, true, 100, "°C");
        number(0x09, "count", 1, false, 1, "");
        number(0x0A, "energy", 3, false, 1000, "kWh");
        number(0x0B, "power", 3, false, 100, "W");
        number(0x0C, "voltage", 2, false, 1000, "V");
        number(0x0D, "pm2_5", 2, false, 1, "µg/m³");
        number(0x0E, "pm10", 2, false, 1, "µg/m³");
        binary(0x0F, "generic", "off", "on");
        binary(0x10, "powered", "off", "on");
        binary(0x11, "contact", "closed", "open");
        number(0x12, "co2", 2, false, 1, "ppm");
        number(0x13, "tvoc", 2, false, 1, "µg/m³");
        number(0x14, "moisture", 2, false, 100, "%");
        binary(0x15, "battery_low", "normal", "low");
        binary(0x16, "charging", "off", "on");
        binary(0x17, "carbon_monoxide", "clear", "detected");
        binary(0x18, "cold", "normal", "cold");
        binary(0x19, "connectivity", "disconnected", "connected");
        binary(0x1A, "contact", "closed", "open");
        binary(0x1B, "contact", "closed", "open");
        binary(0x1C, "gas_alarm", "clear", "detected");
        binary(0x1D, "heat", "normal", "hot");
        binary(0x1E, "light", "dark", "light");
        TABLE.put(0x1F, new BthomeObject(Kind.BINARY_REVERSED, 1, state("locked", "unlocked", "locked"), 1, 1));
        binary(0x20, "water_leak", "dry", "wet");
        binary(0x21, "occupancy", "clear", "detected");
        binary(0x22, "moving", "still", "moving");
        binary(0x23, "occupancy", "clear", "detected");
        binary(0x24, "plug", "unplugged", "plugged");
        binary(0x25, "home", "away", "home");
        binary(0x26, "problem", "ok", "problem");
        binary(0x27, "running", "off", "on");
        binary(0x28, "safety", "unsafe", "safe");
        binary(0x29, "smoke", "clear", "detected");
        binary(0x2A, "sound", "clear", "detected");
        binary(0x2B, "tamper", "off", "on");
        binary(0x2C, "vibration", "clear", "detected");
        binary(0x2D, "contact", "closed", "open");
        number(0x2E, "humidity", 1, false, 1, "%");
        number(0x2F, "moisture", 1, false, 1, "%");
        other(0x3A, Kind.BUTTON, 1);
        other(0x3C, Kind.DIMMER, 2);
        number(0x3D, "count", 2, false, 1, "");
        number(0x3E, "count", 4, false, 1, "");
        number(0x3F, "rotation", 2, true, 10, "°");
        number(0x40, "distance", 2, false, 1, "mm");
        number(0x41, "distance", 2, false, 10, "m");
        number(0x42, "duration", 3, false, 1000, "s");
        number(0x43, "current", 2, false, 1000, "A");
        number(0x44, "speed", 2, false, 100, "m/s");
        number(0x45, "temperature", 2, true, 10, "°C");
        number(0x46, "uv_index", 1, false, 10, "");
        number(0x47, "volume", 2, false, 10, "l");
        number(0x48, "volume", 2, false, 1, "ml");
        number(0x49, "flow", 2, false, 1000, "m³/h");
        number(0x4A, "voltage", 2, false, 10, "V");
        number(0x4B, "gas", 3, false, 1000, "m³");
        number(0x4C, "gas", 4, false, 1000, "m³");
        number(0x4D, "energy", 4, false, 1000, "kWh");
        number(0x4E, "volume", 4, false, 1000, "l");
        number(0x4F, "water", 4, false, 1000, "l");
        TABLE.put(0x50, new BthomeObject(Kind.TIMESTAMP, 4, PointSpec.state("timestamp", ValueSpec.MOMENT), 1, 1));
        number(0x51, "acceleration", 2, false, 1000, "m/s²");
        number(0x52, "gyroscope", 2, false, 1000, "°/s");
        TABLE.put(0x53, new BthomeObject(Kind.TEXT, 0, PointSpec.state("text", ValueSpec.TEXT), 1, 1));
        TABLE.put(0x54, new BthomeObject(Kind.RAW, 0, PointSpec.state("raw", ValueSpec.TEXT), 1, 1));
        number(0x55, "volume_storage", 4, false, 1000, "l");
        number(0x56, "conductivity", 2, false, 1, "µS/cm");
        number(0x57, "temperature", 1, true, 1, "°C");
        TABLE.put(0x58, new BthomeObject(Kind.SIGNED, 1, measured("temperature", "°C"), 35, 100));
        number(0x59, "count", 1, true, 1, "");
        number(0x5A, "count", 2, true, 1, "");
        number(0x5B, "count", 4, true, 1, "");
        number(0x5C, "power", 4, true, 100, "W");
        number(0x5D, "current", 2, true, 1000, "A");
        number(0x5E, "direction", 2, false, 100, "°");
        number(0x5F, "precipitation", 2, false, 10, "mm");
        number(0x60, "channel", 1, false, 1, "");
        number(0x61, "rotational_speed", 2, false, 1, "rpm");
        number(0x62, "speed", 4, true, 1_000_000, "m/s");
        number(0x63, "acceleration", 4, true, 1_000_000, "m/s²");
        number(0x64, "light_level", 1, false, 1, "");
        other(0xF0, Kind.DEVICE_TYPE, 2);
        other(0xF1, Kind.FIRMWARE, 4);
        other(0xF2, Kind.FIRMWARE, 3);
    }

    /** The object of that id; null for one that is not in the tables. */
    static @Nullable BthomeObject of(int id) {
        return TABLE.get(id);
    }

    private static void number(int id, String name, int length, boolean signed, int divisor, String unit) {
        number(id, name, length, signed, divisor, unit, Category.MEASUREMENT);
    }

    private static void number(
            int id, String name, int length, boolean signed, int divisor, String unit, Category category) {
        Kind kind = signed ? Kind.SIGNED : Kind.UNSIGNED;
        TABLE.put(id, new BthomeObject(kind, length, measured(name, unit).withCategory(category), 1, divisor));
    }

    private static void binary(int id, String name, String off, String on) {
        TABLE.put(id, new BthomeObject(Kind.BINARY, 1, state(name, off, on), 1, 1));
    }

    private static void other(int id, Kind kind, int length) {
        TABLE.put(id, new BthomeObject(kind, length, null, 1, 1));
    }

    private static PointSpec measured(String name, String unit) {
        Unit of = unit.isEmpty() ? Unit.ONE : Units.of(unit);
        return PointSpec.measurement(name, ValueSpec.quantity(of));
    }

    private static PointSpec state(String name, String off, String on) {
        return PointSpec.state(name, ValueSpec.bool(off, on));
    }
}
