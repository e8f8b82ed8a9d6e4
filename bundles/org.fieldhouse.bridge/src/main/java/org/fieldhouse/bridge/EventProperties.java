package org.fieldhouse.bridge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;

/** One event as properties of types of the JDK; what there is not is left out. */
final class EventProperties {
    private final Map<String, Object> properties = new HashMap<>();
    private final HouseModel house;

    private EventProperties(HouseModel house) {
        this.house = house;
    }

    static Map<String, Object> of(Event event, HouseModel house) {
        EventProperties made = new EventProperties(house);
        made.common(event);
        made.fact(event.fact());
        return Map.copyOf(made.properties);
    }

    private void common(Event event) {
        Cause cause = event.cause();
        put("sequence", event.sequence());
        put("time.micros", event.timeMicros());
        put("timestamp", TimeUnit.MICROSECONDS.toMillis(event.timeMicros()));
        put("cause.origin", cause.origin().name());
        put("cause.actor", cause.actor());
        put("cause.parent", cause.parent());
        if (cause.rule() != null) {
            put("cause.rule", cause.rule().toString());
        }
    }

    private void fact(Fact fact) {
        if (fact instanceof Fact.StateChanged changed) {
            point(changed.point());
            state("", changed.after());
            state("before.", changed.before());
        } else if (fact instanceof Fact.StateReported reported) {
            point(reported.point());
            state("", reported.state());
        } else if (fact instanceof Fact.CommandAccepted accepted) {
            command(accepted.command());
        } else if (fact instanceof Fact.CommandEnded ended) {
            put("command", ended.command());
            put("outcome", ended.result().outcome().name());
            put("reason", ended.result().reason());
        } else if (fact instanceof Fact.ExternalFact external) {
            put("type", external.type());
            put("values", PlainValues.plain(external.values()));
        } else if (!device(fact)) {
            house(fact);
        }
    }

    private boolean device(Fact fact) {
        if (fact instanceof Fact.StatusChanged status) {
            device(status.device());
            put("status", status.after().condition().name());
            put("reason", status.after().reason());
            put("before.status", status.before().condition().name());
        } else if (fact instanceof Fact.DeviceAdded added) {
            device(added.device(), added.name());
        } else if (fact instanceof Fact.DeviceRemoved removed) {
            device(removed.device(), removed.name());
        } else if (fact instanceof Fact.DeviceRenamed renamed) {
            device(renamed.device(), renamed.after());
            put("before.device", renamed.before());
        } else if (fact instanceof Fact.DeviceSignalled signal) {
            device(signal.device());
            put("signal", signal.event());
            put("arguments", PlainValues.plain(signal.arguments()));
        } else {
            return false;
        }
        return true;
    }

    private void house(Fact fact) {
        if (fact instanceof Fact.NotificationRequested notification) {
            put("recipient", notification.recipient());
            put("text", notification.text());
        } else if (fact instanceof Fact.ConfigurationActivated configuration) {
            put("generation", configuration.generation());
            put("changed", configuration.changed());
        } else if (fact instanceof Fact.ConfigurationRejected rejected) {
            List<String> problems =
                    rejected.problems().stream().map(Problem::toString).toList();
            put("problems", problems);
        } else if (fact instanceof Fact.AuditRecorded audit) {
            put("action", audit.action());
            put("subject", audit.subject());
            put("detail", audit.detail());
        }
    }

    private void command(Command command) {
        Request request = command.request();
        put("command", command.id());
        put("deadline.micros", command.deadlineMicros());
        device(request.device());
        if (request instanceof Request.SetPoint set) {
            put("request", "SET");
            put("point", set.point().point());
            put("slot", set.slot());
            value("value", "unit", set.value());
            put("arguments", PlainValues.plain(set.parameters()));
        } else if (request instanceof Request.Relinquish relinquish) {
            put("request", "RELINQUISH");
            put("point", relinquish.point().point());
            put("slot", relinquish.slot());
        } else if (request instanceof Request.CallAction call) {
            put("request", "CALL");
            put("action", call.action());
            put("arguments", PlainValues.plain(call.arguments()));
        } else if (request instanceof Request.Refresh refresh) {
            put("request", "REFRESH");
            put("point", refresh.point().point());
        }
    }

    private void point(PointId point) {
        device(point.device());
        put("point", point.point());
    }

    private void device(DeviceId id) {
        device(id, house.device(id).map(DeviceInfo::name).orElse(id.value()));
    }

    private void device(DeviceId id, String name) {
        put("device", name);
        put("device.id", id.value());
    }

    private void state(String prefix, State state) {
        Value value = state.value();
        if (value != null) {
            value(prefix + "value", prefix + "unit", value);
        }
        put(prefix + "quality", state.quality().name());
        put(prefix + "source.micros", state.sourceMicros());
        put(prefix + "received.micros", state.receivedMicros());
    }

    private void value(String name, String unit, Value value) {
        PlainValues.put(properties, name, unit, value);
    }

    private void put(String name, Object value) {
        properties.put(name, value);
    }
}
