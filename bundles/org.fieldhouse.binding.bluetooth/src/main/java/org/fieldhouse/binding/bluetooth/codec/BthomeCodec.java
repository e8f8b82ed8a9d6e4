package org.fieldhouse.binding.bluetooth.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** BTHome v2: bthome.io/format, and bthome.io/encryption for what is encrypted. */
final class BthomeCodec {
    static final String FORMAT = "BTHome v2";
    /** bthome.io/format, UUID16: {@code D2 FC} on the air. */
    static final int UUID = 0xFCD2;

    private static final int VERSION = 2;
    /** bthome.io/encryption: a counter of 4 bytes and a MIC of 4 bytes follow the encrypted text. */
    private static final int COUNTER = 4;

    private static final int MIC = 4;
    private static final int MAC = 6;
    private static final byte[] UUID_ON_AIR = {(byte) 0xD2, (byte) 0xFC};

    private BthomeCodec() {}

    /**
     * @param data service data without its UUID
     * @param address of the device, 6 bytes, the most significant first
     * @param key 16 bytes; null if there is none
     */
    static Decoded decode(byte[] data, byte[] address, byte @Nullable [] key) {
        if (data.length < 1) {
            return corrupt("without a device information byte");
        }
        // bthome.io/format, BTHome Device Information: bit 0 encryption, bit 2 trigger based, bits 5 to 7 version.
        int information = data[0] & 0xFF;
        int version = information >> 5;
        if (version != VERSION) {
            return corrupt("version " + version + " of BTHome, not 2");
        }
        boolean encrypted = (information & 0x01) != 0;
        boolean named = (information & 0x02)
                != 0; // earlier drafts of v2: the address follows, the least significant byte first
        boolean byTrigger = (information & 0x04) != 0;
        int from = named ? 1 + MAC : 1;
        if (data.length < from) {
            return corrupt("cut off within the address");
        }
        if (!encrypted) {
            return key == null
                    ? objects(Arrays.copyOfRange(data, from, data.length), byTrigger, -1)
                    : new Decoded.Locked(
                            FORMAT,
                            "it advertises in the clear, although 'key' is set: take the key away, "
                                    + "or somebody else speaks in its name");
        }
        if (key == null) {
            return new Decoded.Locked(FORMAT, "its advertisements are encrypted: set 'key' to its bind key");
        }
        int text = data.length - from - COUNTER - MIC;
        if (text < 0) {
            return corrupt("encrypted, and cut off");
        }
        byte[] mac = named ? reversed(Arrays.copyOfRange(data, 1, from)) : address;
        byte[] nonce = ByteBuffer.allocate(Ccm.NONCE)
                .put(mac)
                .put(UUID_ON_AIR)
                .put(data[0])
                .put(data, from + text, COUNTER)
                .array();
        byte[] clear = Ccm.open(
                key,
                nonce,
                new byte[0],
                Arrays.copyOfRange(data, from, from + text),
                Arrays.copyOfRange(data, data.length - MIC, data.length));
        return clear == null
                ? new Decoded.Locked(FORMAT, "'key' does not fit its advertisements: is it this device's bind key?")
                : objects(clear, byTrigger, Bytes.little(data, from + text, COUNTER, false));
    }

    private static Decoded objects(byte[] data, boolean byTrigger, long counter) {
        Reader reader = new Reader(data);
        String left = reader.read();
        if (left.isEmpty() || reader.something) {
            return new Decoded.Heard(
                    FORMAT,
                    reader.readings,
                    reader.happenings,
                    reader.events,
                    reader.packet,
                    counter,
                    byTrigger,
                    reader.details,
                    left);
        }
        return corrupt(left);
    }

    private static Decoded corrupt(String reason) {
        return new Decoded.Corrupt(FORMAT, reason);
    }

    private static byte[] reversed(byte[] data) {
        byte[] out = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            out[i] = data[data.length - 1 - i];
        }
        return out;
    }

    /** Goes through the objects of one packet. */
    private static final class Reader {
        private final byte[] data;
        final List<Reading> readings = new ArrayList<>();
        final List<Happening> happenings = new ArrayList<>();
        final List<EventSpec> events = new ArrayList<>();
        final Map<String, String> details = new LinkedHashMap<>();
        final Map<String, Integer> seen = new HashMap<>();
        int packet = -1;
        boolean something;
        private int buttons;
        private int dimmers;
        private String doubt = "";

        Reader(byte[] data) {
            this.data = data;
        }

        /** Says in words what could not be read; empty if all was. */
        String read() {
            int at = 0;
            while (at < data.length) {
                int id = data[at] & 0xFF;
                BthomeObject object = BthomeObject.of(id);
                if (object == null) {
                    // bthome.io/format: the length of an unknown object is not known, so all after it is left.
                    return String.format(
                            "object 0x%02X is not known, and %d bytes are left unread", id, data.length - at);
                }
                int begin = at + 1;
                int length = object.length();
                if (length == 0) {
                    if (begin >= data.length) {
                        return String.format("object 0x%02X is cut off", id);
                    }
                    length = data[begin] & 0xFF;
                    begin++;
                }
                if (begin + length > data.length) {
                    return String.format("object 0x%02X is cut off", id);
                }
                take(object, begin, length, id);
                something = true;
                at = begin + length;
            }
            return doubt;
        }

        private void take(BthomeObject object, int begin, int length, int id) {
            switch (object.kind()) {
                case PACKET -> packet = data[begin] & 0xFF;
                case BUTTON -> button(data[begin] & 0xFF);
                case DIMMER -> dimmer(data[begin] & 0xFF, data[begin + 1] & 0xFF);
                case DEVICE_TYPE -> details.put("device type", String.valueOf(Bytes.little(data, begin, 2, false)));
                case FIRMWARE -> details.put("firmware", firmware(begin, length));
                default -> {
                    PointSpec point = object.point();
                    if (point != null) {
                        readings.add(new Reading(named(point), value(object, point, begin, length, id)));
                    }
                }
            }
        }

        /** bthome.io/format, Events, button: 0 none, 1 to 6 kinds of press, 0x80 hold. */
        private void button(int code) {
            buttons++;
            if (buttons == 1) {
                events.addAll(Happening.OF_BUTTONS);
            }
            if (code >= 1 && code <= 6) {
                happenings.add(Happening.press(code - 1, buttons));
            } else if (code == 0x80) {
                happenings.add(Happening.press(6, buttons));
            } else if (code != 0) {
                doubt = String.format("gesture 0x%02X of button %d is not known", code, buttons);
            }
        }

        /** bthome.io/format, Events, dimmer: 0 none, 1 left, 2 right; then the number of steps. */
        private void dimmer(int code, int steps) {
            dimmers++;
            if (dimmers == 1) {
                events.addAll(Happening.OF_DIMMERS);
            }
            if (code == 1 || code == 2) {
                happenings.add(Happening.turn(code == 2, dimmers, steps));
            } else if (code != 0) {
                doubt = String.format("gesture 0x%02X of dimmer %d is not known", code, dimmers);
            }
        }

        private @Nullable Value value(BthomeObject object, PointSpec point, int begin, int length, int id) {
            return switch (object.kind()) {
                case UNSIGNED, SIGNED -> {
                    long raw = Bytes.little(data, begin, length, object.kind() == BthomeObject.Kind.SIGNED);
                    Unit unit = point.value().unit() == null
                            ? Unit.ONE
                            : point.value().unit();
                    yield new Quantity((double) (raw * object.multiplier()) / object.divisor(), unit);
                }
                case BINARY, BINARY_REVERSED -> {
                    if ((data[begin] & 0xFE) != 0) {
                        doubt = String.format("object 0x%02X is %d, neither 0 nor 1", id, data[begin] & 0xFF);
                        yield null;
                    }
                    yield Bool.of(data[begin] == 1 != (object.kind() == BthomeObject.Kind.BINARY_REVERSED));
                }
                case TIMESTAMP -> new Moment(Instant.ofEpochSecond(Bytes.little(data, begin, length, false)));
                case TEXT -> text(begin, length);
                case RAW -> new Text(Bytes.hex(data, begin, begin + length));
                default -> null;
            };
        }

        private @Nullable Value text(int begin, int length) {
            try {
                return new Text(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(data, begin, length))
                        .toString());
            } catch (CharacterCodingException e) {
                doubt = "a text that is not UTF-8";
                return null;
            }
        }

        /** bthome.io/format: of several objects of one kind the first keeps the name, the second is {@code name_2}. */
        private PointSpec named(PointSpec point) {
            int number = seen.merge(point.name(), 1, Integer::sum);
            return number == 1
                    ? point
                    : new PointSpec(
                            point.name() + "_" + number,
                            point.value(),
                            point.access(),
                            point.category(),
                            point.maxAge(),
                            point.feedback(),
                            point.parameters(),
                            point.title());
        }

        /** bthome.io/format, Device information: {@code 00 01 02 04} is 4.2.1.0. */
        private String firmware(int begin, int length) {
            StringBuilder out = new StringBuilder();
            for (int i = length - 1; i >= 0; i--) {
                out.append(data[begin + i] & 0xFF).append(i == 0 ? "" : ".");
            }
            return out.toString();
        }
    }
}
