package org.fieldhouse.rules.service;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.fieldhouse.rules.engine.LinkFacts;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.engine.StateInput;
import org.fieldhouse.rules.engine.StateOutput;
import org.jspecify.annotations.Nullable;

/**
 * What the engine put out and the journal has not told back yet. After a crash it holds what has to be sent again: what a replay
 * put out, less what the journal knows. Not thread-safe.
 */
final class Outbox {
    private final Map<Key, ArrayDeque<Output>> waiting = new LinkedHashMap<>();
    private int size;

    /** What an output and its echo have in common. Values are not part of it: the router converts them. */
    private record Key(long parent, String rule, int line, String kind, Object subject) {}

    private static @Nullable Key key(Output output) {
        long parent = output.parent();
        String rule = output.rule().name();
        int line = output.rule().line();
        if (output instanceof Output.Send send) {
            return new Key(parent, rule, line, send.request().getClass().getSimpleName(), subject(send.request()));
        } else if (output instanceof Output.Notify notify) {
            return new Key(parent, rule, line, "notify", notify.recipient());
        } else if (output instanceof Output.SetVariable set) {
            return new Key(parent, rule, line, "variable", set.name());
        } else if (output instanceof Output.AlarmChanged alarm) {
            return new Key(parent, rule, line, Sender.ALARM, alarm.alarm());
        } else if (output instanceof Output.Upload upload) {
            return new Key(parent, rule, line, Sender.UPLOAD, upload.name());
        } else if (output instanceof Output.Invoke invoke) {
            return new Key(parent, rule, line, FunctionFacts.CALLED, invoke.call());
        } else if (output instanceof Output.Link link) {
            return new Key(parent, rule, line, LinkFacts.PLACED, place(link.name(), !link.wanted()));
        }
        return null;
    }

    private static String place(String link, boolean removed) {
        return link + (removed ? " removed" : "");
    }

    /** What a fact of ours is about; null for one that nobody waits for. */
    private static @Nullable Object subject(Fact.ExternalFact fact) {
        return switch (fact.type()) {
            case FunctionFacts.CALLED -> FunctionFacts.call(fact);
            case LinkFacts.PLACED -> place(LinkFacts.link(fact), LinkFacts.isAt(fact, LinkFacts.At.REMOVED));
            case Sender.ALARM -> String.valueOf(fact.values().get("alarm"));
            case Sender.UPLOAD -> String.valueOf(fact.values().get("name"));
            default -> null;
        };
    }

    private static Object subject(Request request) {
        if (request instanceof Request.SetPoint set) {
            return set.point();
        } else if (request instanceof Request.Relinquish free) {
            return free.point();
        } else if (request instanceof Request.Refresh refresh) {
            return refresh.point();
        } else if (request instanceof Request.CallAction call) {
            return call.device() + "." + call.action();
        }
        return request;
    }

    void add(Output output) {
        Key key = key(output);
        if (key != null) {
            waiting.computeIfAbsent(key, k -> new ArrayDeque<>(2)).add(output);
            size++;
        }
    }

    /** An output came to nothing: there will be no echo. */
    void remove(Output output) {
        Key key = key(output);
        if (key != null) {
            remove(key);
        }
    }

    /** The journal tells; if it is of ours, it is no longer waited for. */
    void seen(Event event) {
        RuleRef rule = event.cause().rule();
        if (rule == null) {
            return;
        }
        Fact fact = event.fact();
        long parent = event.cause().parent();
        if (fact instanceof Fact.CommandAccepted accepted) {
            Request request = accepted.command().request();
            remove(new Key(parent, rule.name(), rule.line(), request.getClass().getSimpleName(), subject(request)));
        } else if (fact instanceof Fact.NotificationRequested notify) {
            remove(new Key(parent, rule.name(), rule.line(), "notify", notify.recipient()));
        } else if (fact instanceof Fact.VariableChanged set) {
            remove(new Key(parent, rule.name(), rule.line(), "variable", set.name()));
        } else if (fact instanceof Fact.ExternalFact external) {
            Object subject = subject(external);
            if (subject != null) {
                remove(new Key(parent, rule.name(), rule.line(), external.type(), subject));
            }
        }
    }

    private void remove(Key key) {
        ArrayDeque<Output> all = waiting.get(key);
        if (all != null) {
            all.poll();
            size--;
            if (all.isEmpty()) {
                waiting.remove(key);
            }
        }
    }

    /** In the order in which they were put out, as far as their causes tell. */
    List<Output> all() {
        List<Output> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        return all;
    }

    int size() {
        return size;
    }

    void save(StateOutput out) {
        out.small(size);
        for (Output output : all()) {
            out.number(output.parent());
            out.text(output.rule().name());
            out.text(output.rule().file());
            out.small(output.rule().line());
            if (output instanceof Output.Send send) {
                request(send.request(), out);
            } else if (output instanceof Output.Notify notify) {
                out.small(10);
                out.text(notify.recipient());
                out.text(notify.text());
            } else if (output instanceof Output.SetVariable set) {
                out.small(11);
                out.text(set.name());
                out.value(set.before());
                out.value(set.after());
            } else if (output instanceof Output.AlarmChanged alarm) {
                out.small(12);
                out.text(alarm.alarm());
                out.text(alarm.state());
                out.text(alarm.priority());
                out.text(alarm.text());
            } else if (output instanceof Output.Upload upload) {
                out.small(13);
                out.text(upload.to());
                out.text(upload.name());
                out.value(upload.value());
                out.number(upload.micros());
            } else if (output instanceof Output.Invoke invoke) {
                out.small(14);
                out.number(invoke.call());
                out.text(invoke.function());
                out.values(invoke.arguments());
            } else if (output instanceof Output.Link link) {
                out.small(15);
                out.text(link.name());
                out.text(link.link().from().value());
                out.text(link.link().to().value());
                out.text(String.join(",", link.link().points()));
                out.flag(link.wanted());
            }
        }
    }

    private static void request(Request request, StateOutput out) {
        if (request instanceof Request.SetPoint set) {
            out.small(1);
            point(set.point(), out);
            out.value(set.value());
            out.small(set.slot());
            out.values(set.parameters());
        } else if (request instanceof Request.Relinquish free) {
            out.small(2);
            point(free.point(), out);
            out.small(free.slot());
        } else if (request instanceof Request.CallAction call) {
            out.small(3);
            out.text(call.device().value());
            out.text(call.action());
            out.values(call.arguments());
        } else if (request instanceof Request.Refresh refresh) {
            out.small(4);
            point(refresh.point(), out);
        }
    }

    private static void point(PointId point, StateOutput out) {
        out.text(point.device().value());
        out.text(point.point());
    }

    void restore(StateInput in) throws IOException {
        for (int i = in.count(); i > 0; i--) {
            long parent = in.number();
            RuleRef rule = new RuleRef(in.text(), in.text(), in.small());
            add(output(in, parent, rule));
        }
    }

    private static Output output(StateInput in, long parent, RuleRef rule) throws IOException {
        int kind = in.small();
        switch (kind) {
            case 1 -> {
                PointId point = PointId.of(in.text(), in.text());
                Value value = some(in.value());
                int slot = in.small();
                return new Output.Send(new Request.SetPoint(point, value, slot, null, in.arguments()), parent, rule);
            }
            case 2 -> {
                return new Output.Send(
                        new Request.Relinquish(PointId.of(in.text(), in.text()), in.small()), parent, rule);
            }
            case 3 -> {
                return new Output.Send(
                        new Request.CallAction(new DeviceId(in.text()), in.text(), in.arguments()), parent, rule);
            }
            case 4 -> {
                return new Output.Send(new Request.Refresh(PointId.of(in.text(), in.text())), parent, rule);
            }
            case 10 -> {
                return new Output.Notify(in.text(), in.text(), parent, rule);
            }
            case 11 -> {
                return new Output.SetVariable(in.text(), in.value(), some(in.value()), parent, rule);
            }
            case 12 -> {
                return new Output.AlarmChanged(in.text(), in.text(), in.text(), in.text(), parent, rule);
            }
            case 13 -> {
                return new Output.Upload(in.text(), in.text(), some(in.value()), in.number(), parent, rule);
            }
            case 14 -> {
                return new Output.Invoke(in.number(), in.text(), in.arguments(), parent, rule);
            }
            case 15 -> {
                String name = in.text();
                DeviceId from = new DeviceId(in.text());
                DeviceId to = new DeviceId(in.text());
                DirectLink link = new DirectLink(from, to, List.of(in.text().split(",")));
                return new Output.Link(name, link, in.flag(), parent, rule);
            }
            default -> throw new IOException("no output of kind " + kind);
        }
    }

    private static Value some(@Nullable Value value) throws IOException {
        if (value == null) {
            throw new IOException("a value is missing");
        }
        return value;
    }
}
