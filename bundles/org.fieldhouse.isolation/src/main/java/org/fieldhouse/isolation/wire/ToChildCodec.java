package org.fieldhouse.isolation.wire;

import java.util.ArrayList;
import java.util.Map;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.CommandCodec;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.isolation.wire.ToChild.Link.Verb;
import org.jspecify.annotations.Nullable;

/** The bodies of {@link ToChild}. */
final class ToChildCodec {
    private static final Verb[] VERBS = Verb.values();

    private static final int CONFIGURE = 1;
    private static final int START = 2;
    private static final int CREATE = 3;
    private static final int OPEN = 4;
    private static final int HANDLE = 5;
    private static final int CLOSE = 6;
    private static final int QUIESCE = 7;
    private static final int GIVE_OVER = 8;
    private static final int TAKE_OVER = 9;
    private static final int LINK = 10;
    private static final int CANCEL = 11;
    private static final int FORGET = 12;
    private static final int PING = 13;
    private static final int STOP = 14;

    private ToChildCodec() {}

    /** Writes the body and returns the type. */
    static int write(ToChild message, ByteWriter out, Tables t) {
        if (message instanceof ToChild.Handle m) {
            out.unsigned(m.call());
            out.unsigned(m.device());
            CommandCodec.write(m.command(), 0, out, t);
            return HANDLE;
        } else if (message instanceof ToChild.Ping m) {
            out.unsigned(m.number());
            return PING;
        } else if (message instanceof ToChild.Create m) {
            write(m, out, t);
            return CREATE;
        } else if (message instanceof ToChild.Open m) {
            out.unsigned(m.call());
            out.unsigned(m.device());
            out.unsigned(m.bridge());
            return OPEN;
        } else if (message instanceof ToChild.Close m) {
            return call(m.call(), m.device(), out, CLOSE);
        } else if (message instanceof ToChild.Quiesce m) {
            return call(m.call(), m.device(), out, QUIESCE);
        } else if (message instanceof ToChild.GiveOver m) {
            return call(m.call(), m.device(), out, GIVE_OVER);
        } else if (message instanceof ToChild.TakeOver m) {
            out.unsigned(m.call());
            out.unsigned(m.device());
            out.unsigned(m.bridge());
            out.signed(m.version());
            WireCodec.bytes(m.state(), out);
            return TAKE_OVER;
        } else if (message instanceof ToChild.Link m) {
            out.unsigned(m.call());
            out.unsigned(m.device());
            out.u8(m.verb().ordinal());
            ModelCodec.device(m.link().from(), out, t);
            ModelCodec.device(m.link().to(), out, t);
            WireCodec.texts(m.link().points(), out);
            return LINK;
        } else if (message instanceof ToChild.Cancel m) {
            out.unsigned(m.call());
            return CANCEL;
        } else if (message instanceof ToChild.Forget m) {
            out.unsigned(m.device());
            return FORGET;
        } else if (message instanceof ToChild.Configure m) {
            out.text(m.factory());
            out.text(m.name());
            ValueCodec.writeSetting(m.values(), out, t);
            return CONFIGURE;
        }
        return message instanceof ToChild.Start ? START : STOP;
    }

    private static int call(long call, long device, ByteWriter out, int type) {
        out.unsigned(call);
        out.unsigned(device);
        return type;
    }

    private static void write(ToChild.Create m, ByteWriter out, Tables t) {
        out.unsigned(m.call());
        out.unsigned(m.binding());
        ModelCodec.device(m.id(), out, t);
        out.text(m.name());
        out.text(m.type());
        DeviceId bridge = m.bridge();
        ModelCodec.nullableWord(bridge == null ? null : bridge.value(), out, t);
        ValueCodec.writeSetting(m.settings(), out, t);
        WireCodec.textMap(m.secrets(), out);
    }

    static ToChild read(int type, ByteReader in, Tables t) {
        return switch (type) {
            case CONFIGURE -> {
                String factory = in.text();
                String name = in.text();
                Object values = ValueCodec.readSetting(in, t, 0);
                yield new ToChild.Configure(factory, name, values == null ? null : WireCodec.settings(values));
            }
            case START -> new ToChild.Start();
            case CREATE -> readCreate(in, t);
            case OPEN -> {
                long call = in.unsigned();
                long device = in.unsigned();
                yield new ToChild.Open(call, device, in.unsigned());
            }
            case HANDLE -> {
                long call = in.unsigned();
                long device = in.unsigned();
                yield new ToChild.Handle(call, device, CommandCodec.read(0, in, t));
            }
            case CLOSE -> {
                long call = in.unsigned();
                yield new ToChild.Close(call, in.unsigned());
            }
            case QUIESCE -> {
                long call = in.unsigned();
                yield new ToChild.Quiesce(call, in.unsigned());
            }
            case GIVE_OVER -> {
                long call = in.unsigned();
                yield new ToChild.GiveOver(call, in.unsigned());
            }
            case TAKE_OVER -> {
                long call = in.unsigned();
                long device = in.unsigned();
                long bridge = in.unsigned();
                int version = (int) in.signed();
                yield new ToChild.TakeOver(call, device, bridge, version, WireCodec.bytes(in));
            }
            case LINK -> {
                long call = in.unsigned();
                long device = in.unsigned();
                Verb verb = ModelCodec.member(VERBS, in.u8());
                DeviceId from = ModelCodec.device(in, t);
                DeviceId to = ModelCodec.device(in, t);
                yield new ToChild.Link(
                        call, device, verb, new DirectLink(from, to, new ArrayList<>(WireCodec.textList(in))));
            }
            case CANCEL -> new ToChild.Cancel(in.unsigned());
            case FORGET -> new ToChild.Forget(in.unsigned());
            case PING -> new ToChild.Ping(in.unsigned());
            case STOP -> new ToChild.Stop();
            default -> throw new CorruptException("type " + type);
        };
    }

    private static ToChild readCreate(ByteReader in, Tables t) {
        long call = in.unsigned();
        int binding = in.count(Integer.MAX_VALUE);
        DeviceId id = ModelCodec.device(in, t);
        String name = in.text();
        String type = in.text();
        String bridge = ModelCodec.nullableWord(in, t);
        Map<String, @Nullable Object> settings = WireCodec.settings(ValueCodec.readSetting(in, t, 0));
        return new ToChild.Create(
                call,
                binding,
                id,
                name,
                type,
                bridge == null ? null : new DeviceId(bridge),
                settings,
                WireCodec.textMap(in));
    }
}
