package org.fieldhouse.isolation.wire;

import java.util.List;
import java.util.Set;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.isolation.wire.FromChild.Failed.Kind;

/** The bodies of {@link FromChild}. Long because the family is: one case to write and one to read for each. */
final class FromChildCodec {
    private static final Kind[] KINDS = Kind.values();
    private static final Quality[] QUALITIES = Quality.values();

    private static final int HELLO = 1;
    private static final int BOUND = 2;
    private static final int UNBOUND = 3;
    private static final int STARTED = 4;
    private static final int PONG = 5;
    private static final int DONE = 6;
    private static final int CREATED = 7;
    private static final int REFUSED = 8;
    private static final int FAILED = 9;
    private static final int GIVEN = 10;
    private static final int ANSWER = 11;
    private static final int DESCRIBED = 12;
    private static final int REPORTED = 13;
    private static final int REPORTED_BAD = 14;
    private static final int SIGNALLED = 15;
    private static final int CONFIRMED = 16;
    private static final int COMMAND_FAILED = 17;
    private static final int CONDITION = 18;
    private static final int CHILD_CONDITION = 19;
    private static final int LOST = 20;
    private static final int MALFORMED = 21;
    private static final int OFFERED = 22;
    private static final int WITHDRAWN = 23;

    private FromChildCodec() {}

    /** Writes the body and returns the type. */
    static int write(FromChild message, ByteWriter out, Tables t) {
        if (message instanceof FromChild.Said said) {
            return writeSaid(said, out, t);
        } else if (message instanceof FromChild.Reply reply) {
            return writeReply(reply, out);
        } else if (message instanceof FromChild.Pong m) {
            out.unsigned(m.number());
            return PONG;
        } else if (message instanceof FromChild.Hello m) {
            out.unsigned(m.version());
            out.text(m.token());
            return HELLO;
        } else if (message instanceof FromChild.Bound m) {
            out.unsigned(m.binding());
            out.text(m.id());
            WireCodec.texts(m.types(), out);
            return BOUND;
        } else if (message instanceof FromChild.Unbound m) {
            out.unsigned(m.binding());
            return UNBOUND;
        }
        out.text(((FromChild.Started) message).trouble());
        return STARTED;
    }

    private static int writeReply(FromChild.Reply reply, ByteWriter out) {
        out.unsigned(reply.call());
        if (reply instanceof FromChild.Created m) {
            WireCodec.texts(m.unread(), out);
            WireCodec.texts(m.known(), out);
            WireCodec.flag(m.swappable(), out);
            WireCodec.flag(m.linkCapable(), out);
            return CREATED;
        } else if (reply instanceof FromChild.Refused m) {
            out.text(m.path());
            out.text(m.message());
            return REFUSED;
        } else if (reply instanceof FromChild.Failed m) {
            out.u8(m.kind().ordinal());
            out.text(m.message());
            return FAILED;
        } else if (reply instanceof FromChild.Given m) {
            out.signed(m.version());
            WireCodec.bytes(m.state(), out);
            return GIVEN;
        } else if (reply instanceof FromChild.Answer m) {
            WireCodec.flag(m.yes(), out);
            return ANSWER;
        }
        return DONE;
    }

    private static int writeSaid(FromChild.Said said, ByteWriter out, Tables t) {
        out.unsigned(said.opening());
        if (said instanceof FromChild.Reported m) {
            out.text(m.point());
            ValueCodec.write(m.value(), out, t);
            out.u8(m.quality().ordinal());
            out.signed(m.sourceMicros());
            return REPORTED;
        } else if (said instanceof FromChild.ReportedBad m) {
            out.text(m.point());
            out.text(m.reason());
            return REPORTED_BAD;
        } else if (said instanceof FromChild.Signalled m) {
            out.text(m.event());
            ValueCodec.write(m.arguments(), out, t);
            return SIGNALLED;
        } else if (said instanceof FromChild.Confirmed m) {
            out.unsigned(m.command());
            return CONFIRMED;
        } else if (said instanceof FromChild.CommandFailed m) {
            out.unsigned(m.command());
            out.text(m.reason());
            return COMMAND_FAILED;
        } else if (said instanceof FromChild.Described m) {
            ModelCodec.description(m.description(), out, t);
            return DESCRIBED;
        } else if (said instanceof FromChild.Condition m) {
            ModelCodec.status(m.status(), out, t);
            return CONDITION;
        } else if (said instanceof FromChild.ChildCondition m) {
            ModelCodec.device(m.child(), out, t);
            ModelCodec.status(m.status(), out, t);
            return CHILD_CONDITION;
        } else if (said instanceof FromChild.Lost m) {
            out.text(m.reason());
            return LOST;
        } else if (said instanceof FromChild.Malformed m) {
            out.text(m.what());
            return MALFORMED;
        } else if (said instanceof FromChild.Offered m) {
            ModelCodec.candidate(m.candidate(), out, t);
            return OFFERED;
        }
        ModelCodec.device(((FromChild.Withdrawn) said).candidate(), out, t);
        return WITHDRAWN;
    }

    static FromChild read(int type, ByteReader in, Tables t) {
        return switch (type) {
            case HELLO -> {
                int version = in.count(Integer.MAX_VALUE);
                yield new FromChild.Hello(version, in.text());
            }
            case BOUND -> {
                int binding = in.count(Integer.MAX_VALUE);
                String id = in.text();
                yield new FromChild.Bound(binding, id, WireCodec.textSet(in));
            }
            case UNBOUND -> new FromChild.Unbound(in.count(Integer.MAX_VALUE));
            case STARTED -> new FromChild.Started(in.text());
            case PONG -> new FromChild.Pong(in.unsigned());
            case DONE, CREATED, REFUSED, FAILED, GIVEN, ANSWER -> readReply(type, in.unsigned(), in);
            default -> readSaid(type, in.unsigned(), in, t);
        };
    }

    private static FromChild readReply(int type, long call, ByteReader in) {
        return switch (type) {
            case CREATED -> {
                List<String> unread = WireCodec.textList(in);
                Set<String> known = WireCodec.textSet(in);
                boolean swappable = WireCodec.flag(in);
                yield new FromChild.Created(call, unread, known, swappable, WireCodec.flag(in));
            }
            case REFUSED -> {
                String path = in.text();
                yield new FromChild.Refused(call, path, in.text());
            }
            case FAILED -> {
                Kind kind = ModelCodec.member(KINDS, in.u8());
                yield new FromChild.Failed(call, kind, in.text());
            }
            case GIVEN -> {
                int version = (int) in.signed();
                yield new FromChild.Given(call, version, WireCodec.bytes(in));
            }
            case ANSWER -> new FromChild.Answer(call, WireCodec.flag(in));
            default -> new FromChild.Done(call);
        };
    }

    private static FromChild readSaid(int type, long opening, ByteReader in, Tables t) {
        return switch (type) {
            case REPORTED -> {
                String point = in.text();
                Value value = ValueCodec.read(in, t);
                Quality quality = ModelCodec.member(QUALITIES, in.u8());
                yield new FromChild.Reported(opening, point, value, quality, in.signed());
            }
            case REPORTED_BAD -> {
                String point = in.text();
                yield new FromChild.ReportedBad(opening, point, in.text());
            }
            case SIGNALLED -> {
                String event = in.text();
                yield new FromChild.Signalled(opening, event, ValueCodec.readMap(in, t));
            }
            case CONFIRMED -> new FromChild.Confirmed(opening, in.unsigned());
            case COMMAND_FAILED -> {
                long command = in.unsigned();
                yield new FromChild.CommandFailed(opening, command, in.text());
            }
            case DESCRIBED -> new FromChild.Described(opening, ModelCodec.description(in, t));
            case CONDITION -> new FromChild.Condition(opening, ModelCodec.status(in, t));
            case CHILD_CONDITION -> {
                DeviceId child = ModelCodec.device(in, t);
                yield new FromChild.ChildCondition(opening, child, ModelCodec.status(in, t));
            }
            case LOST -> new FromChild.Lost(opening, in.text());
            case MALFORMED -> new FromChild.Malformed(opening, in.text());
            case OFFERED -> new FromChild.Offered(opening, ModelCodec.candidate(in, t));
            case WITHDRAWN -> new FromChild.Withdrawn(opening, ModelCodec.device(in, t));
            default -> throw new CorruptException("type " + type);
        };
    }
}
