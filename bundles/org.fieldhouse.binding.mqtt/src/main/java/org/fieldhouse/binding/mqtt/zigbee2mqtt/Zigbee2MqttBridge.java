package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.BrokerDevice;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.MessageHandler;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * A Zigbee network behind Zigbee2MQTT, and the bridge to its devices and groups.
 *
 * <p>The network's lists are the receiving thread's; what children see of them is volatile or concurrent.
 */
public class Zigbee2MqttBridge implements Device {
    /** What it is, in its description. */
    public static final String TYPE = "zigbee2mqtt";
    /** Details of its description: host and port of the broker, the base topic, and the coordinator's IEEE address. */
    public static final String ADDRESS = "address";

    public static final String BASE = "base topic";
    public static final String NETWORK = "network";

    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);
    private static final Duration FIRST_WORD = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int QOS = 1;
    private static final int MAX_JOIN_SECONDS = 254;
    private static final ValueSpec JOIN_TIME = ValueSpec.quantity(Units.SECOND, 0, MAX_JOIN_SECONDS);

    private final String base;
    private final List<Subscription> subscriptions = new ArrayList<>();
    /** Those of retained messages. */
    private final List<Subscription> retained = new ArrayList<>();

    private final Map<String, Zigbee2MqttDevice> children = new ConcurrentHashMap<>();
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<@Nullable Object>> asked = new ConcurrentHashMap<>();
    private final AtomicLong questions = new AtomicLong();
    private volatile Map<String, NetworkDevice> network = Map.of();
    private volatile @Nullable BrokerDevice broker;
    private volatile @Nullable DeviceContext opened;
    /** Whether its state was heard, and its list of devices. */
    private volatile boolean spoke;

    private volatile boolean listed;

    private @Nullable Object groupsJson;
    private Map<String, NetworkDevice> devices = Map.of();
    private final Set<DeviceId> offered = new HashSet<>();
    private volatile String version = "";

    private record Pending(DeviceContext asker, long command) {}

    /** @param base topic that all of its topics start with, without a slash at the end */
    public Zigbee2MqttBridge(String base) {
        this.base = base;
    }

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        start(context, context.bridge(BrokerDevice.class));
    }

    /** @param through connected */
    final void start(DeviceContext context, BrokerDevice through) {
        broker = through;
        opened = context;
        spoke = false;
        listed = false;
        context.describe(description(details()));
        context.status(Status.offline("Zigbee2MQTT has not said that it is online (" + base + "/bridge/state)"));
        subscriptions.add(listen(context, through, "bridge/response/#", this::onResponse));
        listen(context, through);
        context.after(FIRST_WORD, () -> listenAgain(context, through, FIRST_WORD));
    }

    private void listen(DeviceContext context, BrokerDevice through) {
        retained.add(listen(context, through, "bridge/info", m -> onInfo(context, m)));
        retained.add(listen(context, through, "bridge/devices", m -> onDevices(context, m)));
        retained.add(listen(context, through, "bridge/groups", m -> onGroups(context, m)));
        // Last, so that its devices are known when the retained messages are through and it counts as online.
        retained.add(listen(context, through, "bridge/state", m -> onState(context, m)));
    }

    private Subscription listen(DeviceContext context, BrokerDevice through, String topic, MessageHandler handler) {
        String full = base + "/" + topic;
        return through.subscribe(full, QOS, handler, why -> context.status(Status.fault("topic " + full + ": " + why)));
    }

    /**
     * A broker that takes the subscription in just while Zigbee2MQTT announces itself may do neither: send the message on, nor find
     * it among the retained ones yet (seen with the embedded one). Asking again brings what is retained.
     */
    private void listenAgain(DeviceContext context, BrokerDevice through, Duration pause) {
        if (spoke && listed) {
            return;
        }
        if (!spoke) {
            context.status(Status.offline("nothing is heard on " + base
                    + "/bridge/state: is Zigbee2MQTT running, and is its base topic '" + base + "'?"));
        }
        forget();
        listen(context, through);
        Duration next = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        context.after(next, () -> listenAgain(context, through, next));
    }

    private void forget() {
        retained.forEach(Subscription::close);
        retained.clear();
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        forget();
        children.clear();
        pending.clear();
        asked.values().forEach(each -> each.completeExceptionally(new BindingException("the bridge was closed")));
        asked.clear();
        network = Map.of();
        devices = Map.of();
        groupsJson = null;
        offered.clear();
        broker = null;
        opened = null;
    }

    private Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        BrokerDevice through = broker;
        if (through != null) {
            details.put(ADDRESS, through.address());
        }
        details.put(BASE, base);
        return details;
    }

    private static DeviceDescription description(Map<String, String> details) {
        return new DeviceDescription(
                TYPE,
                List.of(PointSpec.state("joining", ValueSpec.bool("closed", "open"))
                        .withTitle("Whether new devices may join")),
                List.of(
                        new ActionSpec(
                                "permit_join",
                                List.of(new ArgumentSpec("time", JOIN_TIME, false)),
                                true,
                                "Let new devices join for a while"),
                        new ActionSpec("restart", List.of(), false, "Restart Zigbee2MQTT")),
                List.of(),
                "joining",
                details);
    }

    // ---- receiving thread

    private void onState(DeviceContext context, Message message) {
        if (message.isEmpty()) {
            return;
        }
        spoke = true;
        Object json = null;
        try {
            json = message.json();
        } catch (JsonException plain) {
            json = null; // older versions say the bare word
        }
        Zigbee2MqttCodec.online(message.text(), json)
                .ifPresentOrElse(
                        online -> context.status(online ? Status.ONLINE : Status.offline("Zigbee2MQTT is stopped")),
                        () -> context.malformed(
                                "bridge/state: " + Scalars.shown(message.text()) + " is neither online nor offline"));
    }

    private void onInfo(DeviceContext context, Message message) {
        Map<String, @Nullable Object> info = object(context, message);
        if (info == null) {
            return;
        }
        NetworkInfo said = NetworkInfo.of(info);
        version = said.version();
        Map<String, String> details = details();
        details.put("version", version);
        putIfSaid(details, "coordinator", said.coordinator());
        putIfSaid(details, NETWORK, said.ieee());
        putIfSaid(details, "channel", said.channel());
        context.describe(description(details));
        if (info.get("permit_join") instanceof Boolean open) {
            context.report("joining", Bool.of(open));
        }
    }

    private static void putIfSaid(Map<String, String> details, String key, String value) {
        if (!value.isEmpty()) {
            details.put(key, value);
        }
    }

    private void onDevices(DeviceContext context, Message message) {
        Object list = list(context, message);
        if (list != null) {
            listed = true;
            devices = Zigbee2MqttCodec.devices(list, context::malformed);
            changed(context);
        }
    }

    private void onGroups(DeviceContext context, Message message) {
        Object list = list(context, message);
        if (list != null) {
            groupsJson = list;
            changed(context);
        }
    }

    private void changed(DeviceContext context) {
        Map<String, NetworkDevice> before = network;
        Map<String, NetworkDevice> now = new LinkedHashMap<>(devices);
        now.putAll(Zigbee2MqttCodec.groups(groupsJson, devices));
        network = now;
        for (Zigbee2MqttDevice child : children.values()) {
            NetworkDevice entry = now.get(child.key());
            if (entry == null ? before.containsKey(child.key()) : !entry.equals(before.get(child.key()))) {
                child.listed(entry);
            }
        }
        Set<DeviceId> gone = new HashSet<>(offered);
        for (NetworkDevice entry : now.values()) {
            DeviceId id = candidateId(context, entry.key());
            if (isUsable(entry)) {
                gone.remove(id);
                offered.add(id);
                context.offer(candidate(context, id, entry));
            }
        }
        gone.forEach(id -> {
            offered.remove(id);
            context.withdraw(id);
        });
    }

    private static boolean isUsable(NetworkDevice entry) {
        DeviceDescription d = entry.description();
        return !entry.disabled() && !(d.points().isEmpty() && d.events().isEmpty());
    }

    /** By the IEEE address, which stays when the device is renamed or moves to another network. */
    private static DeviceId candidateId(DeviceContext context, String key) {
        return DeviceId.of(key.startsWith("group:") ? context.id() + ":" + key : "zigbee:" + key);
    }

    private static Candidate candidate(DeviceContext context, DeviceId id, NetworkDevice entry) {
        boolean group = entry.key().startsWith("group:");
        Map<String, Object> settings = group
                ? Map.of("group", Long.valueOf(entry.key().substring("group:".length())))
                : Map.of("ieee", entry.key());
        return new Candidate(
                id,
                "mqtt",
                "zigbee2mqtt-device",
                context.id(),
                Names.toDeviceName(entry.name()),
                entry.title(),
                settings);
    }

    private void onResponse(Message message) {
        Map<String, @Nullable Object> answer;
        try {
            answer = Json.object(message.json());
        } catch (JsonException e) {
            return; // somebody else's; our own requests time out
        }
        CompletableFuture<@Nullable Object> asker =
                answer == null ? null : asked.remove(String.valueOf(answer.get("transaction")));
        if (answer != null && asker != null) {
            if ("ok".equals(answer.get("status"))) {
                asker.complete(answer.get("data"));
            } else {
                Object error = answer.get("error");
                asker.completeExceptionally(
                        new BindingException("Zigbee2MQTT: " + (error == null ? "refused" : Scalars.text(error))));
            }
        }
        Pending waiting = answer == null ? null : pending.remove(String.valueOf(answer.get("transaction")));
        if (answer != null && waiting != null) {
            if ("ok".equals(answer.get("status"))) {
                waiting.asker().confirm(waiting.command());
            } else {
                Object error = answer.get("error");
                waiting.asker()
                        .fail(waiting.command(), "Zigbee2MQTT: " + (error == null ? "refused" : Scalars.text(error)));
            }
        }
    }

    private static @Nullable Map<String, @Nullable Object> object(DeviceContext context, Message message) {
        if (message.isEmpty()) {
            return null;
        }
        try {
            Map<String, @Nullable Object> object = Json.object(message.json());
            if (object == null) {
                context.malformed(message.topic() + " is no JSON object");
            }
            return object;
        } catch (JsonException e) {
            context.malformed(message.topic() + ": " + e.getMessage());
            return null;
        }
    }

    private static @Nullable Object list(DeviceContext context, Message message) {
        if (message.isEmpty()) {
            return null;
        }
        try {
            Object json = message.json();
            if (json instanceof List<?>) {
                return json;
            }
            context.malformed(message.topic() + " is no JSON list");
        } catch (JsonException e) {
            context.malformed(message.topic() + ": " + e.getMessage());
        }
        return null;
    }

    // ---- children, on their lanes

    /** A child has opened. Returns its entry in the network's list; null if it is not there (yet). */
    @Nullable
    NetworkDevice attach(Zigbee2MqttDevice child) {
        children.put(child.key(), child);
        return network.get(child.key());
    }

    void detach(Zigbee2MqttDevice child) {
        children.remove(child.key(), child);
    }

    Subscription subscribe(String topic, MessageHandler handler) {
        BrokerDevice through = broker;
        boolean plain = TopicFilter.topicFault(topic).isEmpty();
        return through == null || !plain ? () -> {} : through.subscribe(base + "/" + topic, QOS, handler, why -> {});
    }

    void publish(String topic, String payload) throws BindingException, InterruptedException {
        BrokerDevice through = broker;
        if (through == null) {
            throw new BindingException("no broker");
        }
        through.publish(base + "/" + topic, payload, QOS, false);
    }

    /** Sends a request whose answer confirms or fails the command. */
    void request(@Nullable DeviceContext asker, long command, String request, Map<String, Object> arguments)
            throws BindingException, InterruptedException {
        if (asker == null) {
            throw new BindingException("it is closed");
        }
        String transaction = asker.id() + "-" + command;
        Map<String, Object> frame = new HashMap<>(arguments);
        frame.put("transaction", transaction);
        pending.put(transaction, new Pending(asker, command));
        asker.after(ANSWER_TIME, () -> pending.remove(transaction));
        publish("bridge/request/" + request, JsonWriter.write(frame));
    }

    /** Sends a request; the stage completes with the data of its answer, or with what went wrong. */
    CompletableFuture<@Nullable Object> ask(DeviceContext asker, String request, Map<String, Object> arguments)
            throws BindingException, InterruptedException {
        String transaction = asker.id() + "-q" + questions.incrementAndGet();
        Map<String, Object> frame = new HashMap<>(arguments);
        frame.put("transaction", transaction);
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        asked.put(transaction, answer);
        asker.after(ANSWER_TIME, () -> {
            asked.remove(transaction);
            answer.completeExceptionally(new BindingException("Zigbee2MQTT did not answer"));
        });
        publish("bridge/request/" + request, JsonWriter.write(frame));
        return answer;
    }

    /** The entry of another device of the network; null if it is not reached through it. */
    @Nullable
    NetworkDevice sibling(DeviceId device) {
        for (Zigbee2MqttDevice child : children.values()) {
            if (device.equals(child.id())) {
                return network.get(child.key());
            }
        }
        return null;
    }

    /** What Zigbee2MQTT knows of a child's presence. Receiving thread. */
    void availability(DeviceId child, Status status) {
        DeviceContext context = opened;
        if (context != null) {
            context.childStatus(child, status);
        }
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        if (!(command.request() instanceof Request.CallAction call)) {
            throw new BindingException("Zigbee2MQTT itself has actions only");
        }
        switch (call.action()) {
            case "permit_join" -> {
                Value time = call.arguments().get("time");
                long seconds = time instanceof Quantity q
                        ? Math.round(q.in(Units.SECOND).number())
                        : MAX_JOIN_SECONDS;
                Map<String, Object> frame = new HashMap<>(Map.of("time", seconds));
                if (version.startsWith("1.")) {
                    frame.put("value", seconds > 0);
                }
                request(opened, command.id(), "permit_join", frame);
            }
            case "restart" -> request(opened, command.id(), "restart", Map.of());
            default -> throw new BindingException("no action '" + call.action() + "'");
        }
    }
}
