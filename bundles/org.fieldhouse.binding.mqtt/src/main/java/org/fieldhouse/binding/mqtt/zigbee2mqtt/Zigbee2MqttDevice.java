package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.Signals;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.fieldhouse.binding.mqtt.codec.Gesture;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * A device or group of a Zigbee2MQTT network. It is found by its IEEE address, so it may be renamed there.
 *
 * <p>The fields are the lane's, but for the volatile ones, which the receiving thread reads.
 */
public final class Zigbee2MqttDevice implements Device, LinkCapable {
    private static final String LAST_SEEN = "last_seen";
    /** So that a network of hundreds is not asked at once. */
    private static final int ASK_SPREAD_SECONDS = 20;

    private final String key;
    private final boolean readAtStart;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, Object> composites = new ConcurrentHashMap<>();
    private volatile @Nullable DeviceContext context;
    private volatile @Nullable NetworkDevice known;
    private volatile boolean heard;
    private @Nullable Zigbee2MqttBridge bridge;
    private String subscribedName = "";

    /**
     * @param key IEEE address or {@code group:7}
     * @param readAtStart whether to ask for values that have not come by themselves
     */
    public Zigbee2MqttDevice(String key, boolean readAtStart) {
        this.key = key;
        this.readAtStart = readAtStart;
    }

    String key() {
        return key;
    }

    @Nullable
    DeviceId id() {
        DeviceContext open = context;
        return open == null ? null : open.id();
    }

    @Override
    public void open(DeviceContext opened) throws BindingException {
        context = opened;
        heard = false;
        Zigbee2MqttBridge through = opened.bridge(Zigbee2MqttBridge.class);
        bridge = through;
        NetworkDevice now = through.attach(this);
        if (now == null) {
            opened.status(Status.offline("Zigbee2MQTT does not know " + key));
        } else {
            apply(now);
        }
        if (readAtStart) {
            int spread = Math.floorMod(key.hashCode(), ASK_SPREAD_SECONDS * 1000);
            opened.after(Duration.ofMillis(2000L + spread), this::askIfSilent);
        }
    }

    @Override
    public void close() {
        Zigbee2MqttBridge through = bridge;
        if (through != null) {
            through.detach(this);
        }
        unsubscribe();
        bridge = null;
        known = null;
        context = null;
    }

    private void unsubscribe() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        subscribedName = "";
    }

    /** The network's list has another entry for it; null if none any more. Receiving thread. */
    void listed(@Nullable NetworkDevice now) {
        DeviceContext open = context;
        if (open != null) {
            open.execute(() -> {
                if (now != null) {
                    apply(now);
                } else {
                    unsubscribe();
                    known = null;
                    open.status(Status.offline("removed from Zigbee2MQTT"));
                }
            });
        }
    }

    private void apply(NetworkDevice now) {
        DeviceContext open = context;
        Zigbee2MqttBridge through = bridge;
        if (open == null || through == null) {
            return;
        }
        NetworkDevice before = known;
        known = now;
        if (before == null || !before.description().equals(now.description())) {
            open.describe(now.description());
        }
        if (before == null
                || before.disabled() != now.disabled()
                || !before.name().equals(now.name())) {
            open.status(
                    TopicFilter.topicFault(now.name()).isPresent()
                            ? Status.fault("its name '" + now.name() + "' cannot be a topic; rename it in Zigbee2MQTT")
                            : now.disabled() ? Status.offline("disabled in Zigbee2MQTT") : Status.ONLINE);
        }
        if (!subscribedName.equals(now.name())) {
            unsubscribe();
            subscribedName = now.name();
            subscriptions.add(through.subscribe(now.name(), this::onState));
            subscriptions.add(through.subscribe(now.name() + "/availability", this::onAvailability));
        }
    }

    private void onState(Message message) {
        DeviceContext open = context;
        NetworkDevice now = known;
        if (open == null || now == null || message.isEmpty()) {
            return;
        }
        Map<String, @Nullable Object> state;
        try {
            state = Json.object(message.json());
        } catch (JsonException e) {
            open.malformed("state on " + message.topic() + ": " + e.getMessage());
            return;
        }
        if (state == null) {
            open.malformed("state on " + message.topic() + " is no JSON object: " + Scalars.shown(message.text()));
            return;
        }
        heard = true;
        long source = source(state.get(LAST_SEEN));
        for (Map.Entry<String, @Nullable Object> member : state.entrySet()) {
            Object raw = member.getValue();
            List<Property> properties = raw == null ? null : now.properties().get(member.getKey());
            if (properties != null && raw != null) {
                for (Property p : properties) {
                    report(open, p, raw, source);
                }
            }
        }
        // What the broker has stored was pressed long ago.
        if (!message.retained()) {
            for (String actionKey : now.actionKeys()) {
                if (state.get(actionKey) instanceof String action && !action.isEmpty()) {
                    signal(open, now, action, state);
                }
            }
        }
    }

    private void report(DeviceContext open, Property p, Object raw, long source) {
        Object value = raw;
        if (!p.part().isEmpty()) {
            composites.put(p.key(), raw);
            Map<String, @Nullable Object> object = Json.object(raw);
            value = object == null ? null : object.get(p.part());
        }
        if (value == null) {
            return;
        }
        Reading reading = p.coding().decode(value);
        if (reading instanceof Reading.Good good) {
            open.report(p.spec().name(), good.value(), Quality.GOOD, source);
        } else if (reading instanceof Reading.Bad bad) {
            open.reportBad(p.spec().name(), bad.reason());
        }
    }

    /** {@code last_seen} as any of the forms that Zigbee2MQTT offers; 0 if it is not there. */
    private static long source(@Nullable Object lastSeen) {
        Instant at = lastSeen == null ? null : Scalars.instant(lastSeen);
        return at == null ? 0 : TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + at.getNano() / 1000;
    }

    private static void signal(
            DeviceContext open, NetworkDevice now, String action, Map<String, @Nullable Object> state) {
        if (action.length() > Scalars.MAX_TEXT) {
            open.malformed("action of " + action.length() + " characters");
            return;
        }
        Gesture gesture = Gesture.of(action);
        Map<String, Value> arguments = new HashMap<>();
        arguments.put("action", new Text(action));
        if (!gesture.button().isEmpty()) {
            arguments.put("button", new Text(gesture.button()));
        }
        for (Map.Entry<String, @Nullable Object> member : state.entrySet()) {
            if (member.getKey().startsWith("action_") && member.getValue() != null) {
                detail(now, Names.toMemberName(member.getKey().substring("action_".length())), member.getValue())
                        .forEach(arguments::put);
            }
        }
        boolean described = now.description().event(gesture.event()).isPresent();
        Signals.send(open, described ? gesture.event() : "action", arguments);
    }

    /** What an action says more of itself, where that is described and can be understood; else nothing. */
    private static Map<String, Value> detail(NetworkDevice now, String name, Object raw) {
        ArgumentSpec argument = now.description().events().get(0).arguments().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElse(null);
        if (argument == null) {
            return Map.of();
        }
        if (argument.value().kind() == ValueKind.TEXT) {
            return Scalars.textual(raw) instanceof Reading.Good text ? Map.of(name, text.value()) : Map.of();
        }
        double number = Scalars.number(raw);
        return Double.isNaN(number) ? Map.of() : Map.of(name, Quantity.of(number));
    }

    private void onAvailability(Message message) {
        DeviceContext open = context;
        Zigbee2MqttBridge through = bridge;
        if (open == null || through == null || message.isEmpty()) {
            return;
        }
        Object json = null;
        try {
            json = message.json();
        } catch (JsonException plain) {
            json = null; // older versions say the bare word
        }
        Zigbee2MqttCodec.online(message.text(), json)
                .ifPresentOrElse(
                        online -> through.availability(
                                open.id(), online ? Status.ONLINE : Status.offline("Zigbee2MQTT does not reach it")),
                        () -> open.malformed("availability on " + message.topic() + ": " + Scalars.shown(message.text())
                                + " is neither online nor offline"));
    }

    private void askIfSilent() throws BindingException, InterruptedException {
        NetworkDevice now = known;
        if (heard || now == null || now.disabled()) {
            return;
        }
        Map<String, Object> frame = new LinkedHashMap<>();
        now.properties().values().stream()
                .flatMap(List::stream)
                .filter(p -> p.gettable()
                        && p.spec().access() == Access.READ_WRITE
                        && p.part().isEmpty())
                .forEach(p -> frame.put(p.key(), ""));
        if (!frame.isEmpty() && bridge != null) {
            bridge.publish(now.name() + "/get", JsonWriter.write(frame));
        }
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        NetworkDevice now = known;
        Zigbee2MqttBridge through = bridge;
        if (now == null || through == null) {
            throw new BindingException("Zigbee2MQTT does not know " + key);
        }
        Request request = command.request();
        if (request instanceof Request.SetPoint set) {
            through.publish(now.name() + "/set", JsonWriter.write(frame(now, set)));
        } else if (request instanceof Request.Refresh refresh) {
            Property p = property(now, refresh.point().point());
            if (!p.gettable()) {
                throw new BindingException("'" + p.spec().name() + "' cannot be asked for; it reports by itself");
            }
            through.publish(now.name() + "/get", JsonWriter.write(Map.of(p.key(), "")));
        } else if (request instanceof Request.CallAction call && call.action().equals("update")) {
            through.request(context, command.id(), "device/ota_update/update", Map.of("id", now.name()));
        } else if (request instanceof Request.CallAction call && now.actions().containsKey(call.action())) {
            through.publish(now.name() + "/set", JsonWriter.write(now.actions().get(call.action())));
        } else {
            throw new BindingException("it cannot do that");
        }
    }

    /** One frame for the point and everything that goes with it, so that a lamp comes on in the right colour. */
    private Map<String, Object> frame(NetworkDevice now, Request.SetPoint set) throws BindingException {
        Map<String, Object> frame = new LinkedHashMap<>();
        put(frame, property(now, set.point().point()), set.value());
        for (Map.Entry<String, Value> parameter : set.parameters().entrySet()) {
            if (parameter.getKey().equals("fade") && parameter.getValue() instanceof Quantity seconds) {
                frame.put("transition", seconds.in(Units.SECOND).number());
            } else {
                put(frame, property(now, parameter.getKey()), parameter.getValue());
            }
        }
        return frame;
    }

    private void put(Map<String, Object> frame, Property p, Value value) throws BindingException {
        Object wire;
        try {
            wire = p.coding().encode(value);
        } catch (IllegalArgumentException e) {
            throw new BindingException(p.spec().name() + ": " + e.getMessage(), e);
        }
        if (wire == null) {
            throw new BindingException(p.spec().name() + ": '" + value + "' is not known to Zigbee2MQTT");
        }
        if (p.part().isEmpty()) {
            frame.put(p.key(), wire);
            return;
        }
        // Zigbee2MQTT takes a composite as a whole.
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        Map<String, @Nullable Object> last = Json.object(frame.getOrDefault(p.key(), composites.get(p.key())));
        if (last != null) {
            whole.putAll(last);
        }
        whole.put(p.part(), wire);
        frame.put(p.key(), whole);
    }

    private static Property property(NetworkDevice now, String point) throws BindingException {
        for (List<Property> all : now.properties().values()) {
            for (Property p : all) {
                if (p.spec().name().equals(point)) {
                    return p;
                }
            }
        }
        throw new BindingException("it has no point '" + point + "' any more");
    }

    // ---- links, on the lane

    @Override
    public CompletionStage<Void> program(DirectLink link) throws BindingException, InterruptedException {
        return bind("device/bind", link);
    }

    @Override
    public CompletionStage<Void> remove(DirectLink link) throws BindingException, InterruptedException {
        return bind("device/unbind", link);
    }

    @Override
    public CompletionStage<Boolean> verify(DirectLink link) throws BindingException {
        NetworkDevice from = network();
        NetworkDevice to = sibling(link);
        boolean all = true;
        for (String cluster : RadioLinks.clusters(link.points())) {
            all &= from.bindings().contains(RadioLinks.entry(cluster, to.key()));
        }
        return CompletableFuture.completedFuture(all);
    }

    private CompletionStage<Void> bind(String request, DirectLink link) throws BindingException, InterruptedException {
        NetworkDevice from = network();
        NetworkDevice to = sibling(link);
        DeviceContext open = context;
        Zigbee2MqttBridge through = bridge;
        if (open == null || through == null) {
            throw new BindingException("it is closed");
        }
        Map<String, Object> frame = RadioLinks.frame(from.name(), to.name(), RadioLinks.clusters(link.points()));
        return through.ask(open, request, frame).thenCompose(data -> {
            try {
                RadioLinks.check(data);
                return CompletableFuture.completedFuture(null);
            } catch (BindingException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    private NetworkDevice network() throws BindingException {
        NetworkDevice now = known;
        if (now == null) {
            throw new BindingException("Zigbee2MQTT does not know " + key);
        }
        return now;
    }

    private NetworkDevice sibling(DirectLink link) throws BindingException {
        NetworkDevice to = bridge == null ? null : bridge.sibling(link.to());
        if (to == null) {
            throw new BindingException("the other device is not in the same Zigbee network");
        }
        return to;
    }
}
