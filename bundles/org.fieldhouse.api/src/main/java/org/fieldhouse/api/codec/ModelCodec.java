package org.fieldhouse.api.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PointSpec.Feedback;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/** Descriptions, candidates, statuses and priority arrays as bytes. One is bound to the block that is written or read. */
public final class ModelCodec {
    private static final ValueKind[] KINDS = ValueKind.values();
    private static final Access[] ACCESSES = Access.values();
    private static final Category[] CATEGORIES = Category.values();
    private static final Feedback[] FEEDBACKS = Feedback.values();
    private static final Status.Condition[] CONDITIONS = Status.Condition.values();

    private ModelCodec() {}

    public static void word(String word, ByteWriter out, Tables tables) {
        out.unsigned(tables.word(word));
    }

    public static String word(ByteReader in, Tables tables) {
        return tables.word(in.count(ValueCodec.MOST));
    }

    public static void device(DeviceId device, ByteWriter out, Tables tables) {
        word(device.value(), out, tables);
    }

    public static DeviceId device(ByteReader in, Tables tables) {
        return new DeviceId(word(in, tables));
    }

    public static void nullableWord(@Nullable String word, ByteWriter out, Tables tables) {
        out.unsigned(word == null ? 0 : tables.word(word) + 1L);
    }

    public static @Nullable String nullableWord(ByteReader in, Tables tables) {
        int index = in.count(ValueCodec.MOST);
        return index == 0 ? null : tables.word(index - 1);
    }

    public static <T> T member(T[] members, int code) {
        if (code >= members.length) {
            throw new ByteReader.CorruptException("member " + code + " of " + members.length);
        }
        return members[code];
    }

    public static <T> void list(List<T> list, ByteWriter out, BiConsumer<T, ByteWriter> element) {
        out.unsigned(list.size());
        list.forEach(e -> element.accept(e, out));
    }

    public static <T> List<T> list(ByteReader in, Function<ByteReader, T> element) {
        int size = in.count(in.remaining());
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(element.apply(in));
        }
        return list;
    }

    public static void words(Map<String, String> map, ByteWriter out, Tables tables) {
        out.unsigned(map.size());
        map.forEach((key, value) -> {
            word(key, out, tables);
            word(value, out, tables);
        });
    }

    public static Map<String, String> words(ByteReader in, Tables tables) {
        int size = in.count(in.remaining());
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = word(in, tables);
            map.put(key, word(in, tables));
        }
        return map;
    }

    public static void status(Status status, ByteWriter out, Tables tables) {
        out.u8(status.condition().ordinal());
        word(status.reason(), out, tables);
    }

    public static Status status(ByteReader in, Tables tables) {
        Status.Condition condition = member(CONDITIONS, in.u8());
        return new Status(condition, word(in, tables));
    }

    public static void priorities(PriorityArray array, ByteWriter out, Tables tables) {
        list(array.entries(), out, (entry, o) -> {
            o.u8(entry.slot());
            ValueCodec.write(entry.value(), o, tables);
            o.signed(entry.untilMicros());
            word(entry.holder(), o, tables);
        });
    }

    public static PriorityArray priorities(ByteReader in, Tables tables) {
        return new PriorityArray(list(in, i -> {
            int slot = i.u8();
            var value = ValueCodec.read(i, tables);
            long until = i.signed();
            return new PriorityArray.Entry(slot, value, until, word(i, tables));
        }));
    }

    public static void description(DeviceDescription d, ByteWriter out, Tables tables) {
        word(d.type(), out, tables);
        list(d.points(), out, (point, o) -> point(point, o, tables));
        list(d.actions(), out, (action, o) -> {
            word(action.name(), o, tables);
            arguments(action.arguments(), o, tables);
            o.u8(action.repeatable() ? 1 : 0);
            word(action.title(), o, tables);
        });
        list(d.events(), out, (event, o) -> {
            word(event.name(), o, tables);
            arguments(event.arguments(), o, tables);
            word(event.title(), o, tables);
        });
        nullableWord(d.mainPoint(), out, tables);
        words(d.details(), out, tables);
    }

    public static DeviceDescription description(ByteReader in, Tables tables) {
        String type = word(in, tables);
        List<PointSpec> points = list(in, i -> point(i, tables));
        List<ActionSpec> actions = list(in, i -> {
            String name = word(i, tables);
            List<ArgumentSpec> arguments = arguments(i, tables);
            boolean repeatable = i.u8() != 0;
            return new ActionSpec(name, arguments, repeatable, word(i, tables));
        });
        List<EventSpec> events = list(in, i -> {
            String name = word(i, tables);
            List<ArgumentSpec> arguments = arguments(i, tables);
            return new EventSpec(name, arguments, word(i, tables));
        });
        String mainPoint = nullableWord(in, tables);
        return new DeviceDescription(type, points, actions, events, mainPoint, words(in, tables));
    }

    private static void point(PointSpec point, ByteWriter out, Tables tables) {
        word(point.name(), out, tables);
        valueSpec(point.value(), out, tables);
        out.u8(point.access().ordinal());
        out.u8(point.category().ordinal());
        Duration maxAge = point.maxAge();
        out.u8(maxAge == null ? 0 : 1);
        if (maxAge != null) {
            duration(maxAge, out);
        }
        out.u8(point.feedback().ordinal());
        arguments(point.parameters(), out, tables);
        word(point.title(), out, tables);
    }

    private static PointSpec point(ByteReader in, Tables tables) {
        String name = word(in, tables);
        ValueSpec value = valueSpec(in, tables);
        Access access = member(ACCESSES, in.u8());
        Category category = member(CATEGORIES, in.u8());
        Duration maxAge = in.u8() == 0 ? null : duration(in);
        Feedback feedback = member(FEEDBACKS, in.u8());
        List<ArgumentSpec> parameters = arguments(in, tables);
        return new PointSpec(name, value, access, category, maxAge, feedback, parameters, word(in, tables));
    }

    public static void duration(Duration duration, ByteWriter out) {
        out.signed(duration.getSeconds());
        out.unsigned(duration.getNano());
    }

    public static Duration duration(ByteReader in) {
        long seconds = in.signed();
        return Duration.ofSeconds(seconds, in.unsigned());
    }

    private static void arguments(List<ArgumentSpec> arguments, ByteWriter out, Tables tables) {
        list(arguments, out, (argument, o) -> {
            word(argument.name(), o, tables);
            valueSpec(argument.value(), o, tables);
            o.u8(argument.required() ? 1 : 0);
        });
    }

    private static List<ArgumentSpec> arguments(ByteReader in, Tables tables) {
        return list(in, i -> {
            String name = word(i, tables);
            ValueSpec value = valueSpec(i, tables);
            return new ArgumentSpec(name, value, i.u8() != 0);
        });
    }

    private static void valueSpec(ValueSpec spec, ByteWriter out, Tables tables) {
        out.u8(spec.kind().ordinal());
        Unit unit = spec.unit();
        out.unsigned(unit == null ? 0 : tables.unit(unit) + 1L);
        bound(spec.min(), out);
        bound(spec.max(), out);
        bound(spec.step(), out);
        list(spec.options(), out, (option, o) -> word(option, o, tables));
    }

    private static ValueSpec valueSpec(ByteReader in, Tables tables) {
        ValueKind kind = member(KINDS, in.u8());
        int unit = in.count(ValueCodec.MOST);
        Double min = bound(in);
        Double max = bound(in);
        Double step = bound(in);
        List<String> options = list(in, i -> word(i, tables));
        return new ValueSpec(kind, unit == 0 ? null : tables.unitAt(unit - 1), min, max, step, options);
    }

    private static void bound(@Nullable Double bound, ByteWriter out) {
        out.u8(bound == null ? 0 : 1);
        if (bound != null) {
            out.number(bound);
        }
    }

    private static @Nullable Double bound(ByteReader in) {
        return in.u8() == 0 ? null : (Double) in.number();
    }

    public static void candidate(Candidate c, ByteWriter out, Tables t) {
        device(c.id(), out, t);
        word(c.binding(), out, t);
        word(c.type(), out, t);
        DeviceId bridge = c.bridge();
        nullableWord(bridge == null ? null : bridge.value(), out, t);
        word(c.suggestedName(), out, t);
        word(c.title(), out, t);
        // A list of one since there are candidates that take others with them; journals from before have the map alone.
        ValueCodec.writeSetting(c.adoptAll() ? List.of(c.settings()) : c.settings(), out, t);
    }

    @SuppressWarnings("unchecked")
    public static Candidate candidate(ByteReader in, Tables t) {
        DeviceId id = device(in, t);
        String binding = word(in, t);
        String type = word(in, t);
        String bridge = nullableWord(in, t);
        String name = word(in, t);
        String title = word(in, t);
        Object settings = ValueCodec.readSetting(in, t, 0);
        boolean adoptAll = false;
        if (settings instanceof List<?> list && list.size() == 1) {
            settings = list.get(0);
            adoptAll = true;
        }
        if (!(settings instanceof Map)) {
            throw new ByteReader.CorruptException("settings of a candidate");
        }
        return new Candidate(
                id,
                binding,
                type,
                bridge == null ? null : new DeviceId(bridge),
                name,
                title,
                (Map<String, Object>) settings,
                adoptAll);
    }
}
