package org.fieldhouse.api.codec;

import java.time.Duration;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.Origin;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Commands and causes as bytes. */
public final class CommandCodec {
    private static final Origin[] ORIGINS = Origin.values();
    private static final int HAS_PARENT = 1 << 4;
    private static final int HAS_RULE = 1 << 5;

    private CommandCodec() {}

    /** @param micros a time that the command's times are close to */
    public static void write(Command c, long micros, ByteWriter out, Tables t) {
        out.signed(c.id());
        writeCause(c.cause(), 0, out, t);
        out.signed(c.acceptedMicros() - micros);
        out.signed(c.deadlineMicros() - micros);
        Request request = c.request();
        if (request instanceof Request.SetPoint r) {
            out.u8(0);
            out.unsigned(t.point(r.point()));
            ValueCodec.write(r.value(), out, t);
            out.u8(r.slot());
            Duration hold = r.hold();
            out.u8(hold == null ? 0 : 1);
            if (hold != null) {
                ModelCodec.duration(hold, out);
            }
            ValueCodec.write(r.parameters(), out, t);
        } else if (request instanceof Request.Relinquish r) {
            out.u8(1);
            out.unsigned(t.point(r.point()));
            out.u8(r.slot());
        } else if (request instanceof Request.CallAction r) {
            out.u8(2);
            ModelCodec.device(r.device(), out, t);
            ModelCodec.word(r.action(), out, t);
            ValueCodec.write(r.arguments(), out, t);
        } else if (request instanceof Request.Refresh r) {
            out.u8(3);
            out.unsigned(t.point(r.point()));
        }
    }

    public static Command read(long micros, ByteReader in, Tables t) {
        long id = in.signed();
        Cause cause = readCause(0, in, t);
        long accepted = micros + in.signed();
        long deadline = micros + in.signed();
        Request request =
                switch (in.u8()) {
                    case 0 -> readSet(in, t);
                    case 1 -> {
                        PointId point = t.pointAt(in.count(ValueCodec.MOST));
                        yield new Request.Relinquish(point, in.u8());
                    }
                    case 2 -> {
                        DeviceId device = ModelCodec.device(in, t);
                        String action = ModelCodec.word(in, t);
                        yield new Request.CallAction(device, action, ValueCodec.readMap(in, t));
                    }
                    case 3 -> new Request.Refresh(t.pointAt(in.count(ValueCodec.MOST)));
                    default -> throw new ByteReader.CorruptException("kind of request");
                };
        return new Command(id, request, cause, accepted, deadline);
    }

    private static Request readSet(ByteReader in, Tables t) {
        PointId point = t.pointAt(in.count(ValueCodec.MOST));
        Value value = ValueCodec.read(in, t);
        int slot = in.u8();
        Duration hold = in.u8() == 0 ? null : ModelCodec.duration(in);
        return new Request.SetPoint(point, value, slot, hold, ValueCodec.readMap(in, t));
    }

    /** First byte: bits 0 to 3 origin, then whether a parent and a rule follow. */
    public static void writeCause(Cause cause, long sequence, ByteWriter out, Tables t) {
        RuleRef rule = cause.rule();
        boolean parent = cause.parent() != 0;
        out.u8(cause.origin().ordinal() | (parent ? HAS_PARENT : 0) | (rule == null ? 0 : HAS_RULE));
        ModelCodec.word(cause.actor(), out, t);
        if (parent) {
            out.signed(sequence - cause.parent());
        }
        if (rule != null) {
            ModelCodec.word(rule.name(), out, t);
            ModelCodec.word(rule.file(), out, t);
            out.signed(rule.line());
        }
    }

    public static Cause readCause(long sequence, ByteReader in, Tables t) {
        int head = in.u8();
        Origin origin = ModelCodec.member(ORIGINS, head & 15);
        String actor = ModelCodec.word(in, t);
        long parent = (head & HAS_PARENT) == 0 ? 0 : sequence - in.signed();
        @Nullable RuleRef rule = null;
        if ((head & HAS_RULE) != 0) {
            String name = ModelCodec.word(in, t);
            String file = ModelCodec.word(in, t);
            rule = new RuleRef(name, file, (int) in.signed());
        }
        return new Cause(parent, origin, actor, rule);
    }
}
