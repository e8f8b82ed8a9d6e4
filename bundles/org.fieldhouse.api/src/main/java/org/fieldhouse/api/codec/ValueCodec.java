package org.fieldhouse.api.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/** Values, states and the free settings of candidates as bytes. */
public final class ValueCodec {
    public static final int MOST = 1 << 24;
    private static final ValueKind[] KINDS = ValueKind.values();
    private static final Quality[] QUALITIES = Quality.values();

    private static final int WHOLE = 0;
    private static final int HUNDREDTHS = 1;
    private static final int DOUBLE = 2;

    /** In the first byte of a state: bits 0 to 2 quality, 3 to 5 kind + 1 (0 for no value), then these. */
    private static final int NO_TIMES = 1 << 6;

    private static final int ONE_TIME = 1 << 7;

    private ValueCodec() {}

    public static void write(Value value, ByteWriter out, Tables tables) {
        out.u8(value.kind().ordinal());
        writeBody(value, out, tables);
    }

    public static Value read(ByteReader in, Tables tables) {
        return readBody(kind(in.u8()), in, tables);
    }

    public static void writeNullable(@Nullable Value value, ByteWriter out, Tables tables) {
        out.u8(value == null ? 0 : 1);
        if (value != null) {
            write(value, out, tables);
        }
    }

    public static @Nullable Value readNullable(ByteReader in, Tables tables) {
        return in.u8() == 0 ? null : read(in, tables);
    }

    private static void writeBody(Value value, ByteWriter out, Tables tables) {
        switch (value.kind()) {
            case BOOL -> out.u8(((Bool) value).on() ? 1 : 0);
            case QUANTITY -> {
                out.unsigned(tables.unit(((Quantity) value).unit()));
                writeNumber(((Quantity) value).number(), out);
            }
            case TEXT -> out.text(((Text) value).value());
            case CHOICE -> out.unsigned(tables.word(((Choice) value).option()));
            case MOMENT -> {
                out.signed(((Moment) value).instant().getEpochSecond());
                out.unsigned(((Moment) value).instant().getNano());
            }
            case COLOUR -> {
                out.number(((Colour) value).x());
                out.number(((Colour) value).y());
            }
        }
    }

    private static Value readBody(ValueKind kind, ByteReader in, Tables tables) {
        return switch (kind) {
            case BOOL -> Bool.of(in.u8() != 0);
            case QUANTITY -> {
                var unit = tables.unitAt(in.count(MOST));
                yield new Quantity(readNumber(in), unit);
            }
            case TEXT -> new Text(in.text());
            case CHOICE -> new Choice(tables.word(in.count(MOST)));
            case MOMENT -> {
                long second = in.signed();
                yield new Moment(Instant.ofEpochSecond(second, in.unsigned()));
            }
            case COLOUR -> {
                double x = in.number();
                yield new Colour(x, in.number());
            }
        };
    }

    /** Most sensors say whole numbers or hundredths: two or three bytes instead of nine. */
    private static void writeNumber(double number, ByteWriter out) {
        if (number == Math.rint(number) && Math.abs(number) < 1L << 40) {
            out.u8(WHOLE);
            out.signed((long) number);
            return;
        }
        double hundredths = Math.rint(number * 100);
        if (Math.abs(hundredths) < 1L << 40 && hundredths / 100 == number) {
            out.u8(HUNDREDTHS);
            out.signed((long) hundredths);
            return;
        }
        out.u8(DOUBLE);
        out.number(number);
    }

    private static double readNumber(ByteReader in) {
        return switch (in.u8()) {
            case WHOLE -> in.signed();
            case HUNDREDTHS -> in.signed() / 100.0;
            case DOUBLE -> in.number();
            default -> throw new ByteReader.CorruptException("form of a number");
        };
    }

    private static ValueKind kind(int code) {
        if (code >= KINDS.length) {
            throw new ByteReader.CorruptException("kind of value " + code);
        }
        return KINDS[code];
    }

    /** @param near a time that the state's times are probably close to */
    public static void write(State state, long near, ByteWriter out, Tables tables) {
        Value value = state.value();
        int head = state.quality().ordinal() | (value == null ? 0 : value.kind().ordinal() + 1) << 3;
        boolean none = state.sourceMicros() == 0 && state.receivedMicros() == 0;
        boolean one = state.sourceMicros() == state.receivedMicros();
        out.u8(head | (none ? NO_TIMES : one ? ONE_TIME : 0));
        if (!none) {
            out.signed(state.receivedMicros() - near);
            if (!one) {
                out.signed(state.sourceMicros() - state.receivedMicros());
            }
        }
        if (value != null) {
            writeBody(value, out, tables);
        }
    }

    public static State readState(long near, ByteReader in, Tables tables) {
        int head = in.u8();
        int quality = head & 7;
        if (quality >= QUALITIES.length) {
            throw new ByteReader.CorruptException("quality " + quality);
        }
        long received = 0;
        long source = 0;
        if ((head & NO_TIMES) == 0) {
            received = near + in.signed();
            source = (head & ONE_TIME) != 0 ? received : received + in.signed();
        }
        int kind = head >> 3 & 7;
        Value value = kind == 0 ? null : readBody(kind(kind - 1), in, tables);
        return new State(value, QUALITIES[quality], source, received);
    }

    public static void write(Map<String, Value> values, ByteWriter out, Tables tables) {
        out.unsigned(values.size());
        values.forEach((name, value) -> {
            out.unsigned(tables.word(name));
            write(value, out, tables);
        });
    }

    public static Map<String, Value> readMap(ByteReader in, Tables tables) {
        int size = in.count(in.remaining());
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String name = tables.word(in.count(MOST));
            values.put(name, read(in, tables));
        }
        return values;
    }

    /** A setting: text, boolean, number, list or map of these. Anything else is kept as its text; a secret as {@code ***}. */
    public static void writeSetting(@Nullable Object setting, ByteWriter out, Tables tables) {
        if (setting instanceof Boolean bool) {
            out.u8(bool ? 2 : 1);
        } else if (setting instanceof Integer || setting instanceof Long) {
            out.u8(setting instanceof Integer ? 3 : 4);
            out.signed(((Number) setting).longValue());
        } else if (setting instanceof Double number) {
            out.u8(5);
            out.number(number);
        } else if (setting instanceof List<?> list) {
            out.u8(6);
            out.unsigned(list.size());
            list.forEach(element -> writeSetting(element, out, tables));
        } else if (setting instanceof Map<?, ?> map) {
            out.u8(7);
            out.unsigned(map.size());
            map.forEach((key, value) -> {
                out.unsigned(tables.word(String.valueOf(key)));
                writeSetting(value, out, tables);
            });
        } else if (setting == null) {
            out.u8(8);
        } else {
            out.u8(0);
            out.text(setting.toString());
        }
    }

    public static @Nullable Object readSetting(ByteReader in, Tables tables, int depth) {
        if (depth > 64) {
            throw new ByteReader.CorruptException("settings nested deeper than 64");
        }
        return switch (in.u8()) {
            case 0 -> in.text();
            case 1 -> Boolean.FALSE;
            case 2 -> Boolean.TRUE;
            case 3 -> (int) in.signed();
            case 4 -> in.signed();
            case 5 -> in.number();
            case 6 -> {
                int size = in.count(in.remaining());
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    list.add(readSetting(in, tables, depth + 1));
                }
                yield list;
            }
            case 7 -> readSettings(in, tables, depth);
            case 8 -> null;
            default -> throw new ByteReader.CorruptException("kind of setting");
        };
    }

    public static Map<String, @Nullable Object> readSettings(ByteReader in, Tables tables, int depth) {
        int size = in.count(in.remaining());
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = tables.word(in.count(MOST));
            map.put(key, readSetting(in, tables, depth + 1));
        }
        return map;
    }
}
