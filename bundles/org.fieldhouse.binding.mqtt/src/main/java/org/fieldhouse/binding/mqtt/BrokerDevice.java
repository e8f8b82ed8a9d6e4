package org.fieldhouse.binding.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.client.Hub;
import org.fieldhouse.binding.mqtt.client.LinkListener;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.client.Links;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.MessageHandler;
import org.fieldhouse.binding.mqtt.client.MqttLink;
import org.fieldhouse.binding.mqtt.client.SessionMemory;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.client.Succession;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker, and the bridge to everything that is reached through it. {@link #subscribe}, {@link #publish}: any thread. */
public final class BrokerDevice implements Swappable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerDevice.class);
    /** How long messages of a kept session wait for their devices to open. */
    /** Longer than a house may take to stop. */
    private static final Duration DEPARTURE = Duration.ofSeconds(30);

    private static final Duration CLAIM_TIME = Duration.ofSeconds(30);
    /** After a swap: how often it is looked whether all devices are back, and for how many looks without a new one. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private static final int LOOKS_UNTIL_THAW = 40;
    private static final int LOOKS_UNTIL_DROP = 2_000;

    private final LinkSettings settings;
    private final SessionMemory memory = new SessionMemory();
    private final Hub hub = new Hub();
    private volatile @Nullable MqttLink link;
    private volatile boolean broken;

    BrokerDevice(LinkSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        connect(context);
        context.describe(description());
    }

    /** Opens without saying what it is: for a device that has the connection to itself. */
    public void connect(DeviceContext context) throws BindingException, InterruptedException {
        broken = false;
        hub.start(() -> context.execute(this::flush), settings.session());
        keepSubscriptions(context);
        MqttLink opened = Links.connect(settings, memory, new Listener(context));
        link = opened;
        if (settings.session()) {
            context.after(CLAIM_TIME, () -> {
                long unclaimed = hub.dropUnclaimed();
                if (unclaimed > 0) {
                    context.malformed(unclaimed + " messages kept by the broker while away: no device wants them");
                }
            });
        }
        LinkSettings.Will will = settings.will();
        if (will != null && will.birth() != null) {
            publish(will.topic(), will.birth(), will.qos(), will.retain());
        }
    }

    private void keepSubscriptions(DeviceContext context) {
        if (settings.session()) {
            hub.departLater(() -> context.after(DEPARTURE, () -> {
                hub.depart();
                flush();
            }));
        }
    }

    private DeviceDescription description() {
        ActionSpec publish = new ActionSpec(
                "publish",
                List.of(
                        new ArgumentSpec("topic", ValueSpec.TEXT, true),
                        new ArgumentSpec("payload", ValueSpec.TEXT, true),
                        new ArgumentSpec(
                                "qos", ValueSpec.quantity(Unit.ONE, 0, 2).withStep(1), false),
                        new ArgumentSpec("retain", ValueSpec.ON_OFF, false)),
                false,
                "Publish a message");
        Map<String, String> details = new LinkedHashMap<>();
        details.put("address", settings.address());
        details.put("protocol", settings.version() == LinkSettings.Version.V5 ? "MQTT 5" : "MQTT 3.1.1");
        details.put("client id", settings.clientId());
        return new DeviceDescription("broker", List.of(), List.of(publish), List.of(), null, details);
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        if (!(command.request() instanceof Request.CallAction call)) {
            throw new BindingException("a broker has the action 'publish' only");
        }
        Map<String, Value> arguments = call.arguments();
        String topic = String.valueOf(arguments.get("topic"));
        String fault = TopicFilter.topicFault(topic).orElse(null);
        if (fault != null) {
            throw new BindingException("'" + topic + "': " + fault);
        }
        int qos = arguments.get("qos") instanceof Quantity q ? (int) q.number() : 0;
        publish(topic, String.valueOf(arguments.get("payload")), qos, Bool.ON.equals(arguments.get("retain")));
    }

    @Override
    public void close() {
        MqttLink open = link;
        link = null;
        hub.stop();
        if (open != null) {
            LinkSettings.Will will = settings.will();
            if (will != null && !Thread.currentThread().isInterrupted()) {
                farewell(open, will);
            }
            open.close();
        }
    }

    @Override
    public void quiesce() {
        hub.freeze();
        MqttLink open = link;
        if (open != null) {
            open.settle();
        }
    }

    @Override
    public HandOver handOver() throws BindingException, InterruptedException {
        MqttLink open = link;
        if (open == null || broken) {
            throw new BindingException("the broker is not connected");
        }
        hub.freeze();
        HandOver left = Succession.leave(open, hub, memory);
        link = null;
        hub.stop();
        return left;
    }

    @Override
    public boolean takeOver(DeviceContext context, HandOver left) throws BindingException, InterruptedException {
        if (!resume(context, left)) {
            return false;
        }
        context.describe(description());
        return true;
    }

    /** Takes over without saying what it is, as {@link #connect}. */
    public boolean resume(DeviceContext context, HandOver left) throws BindingException, InterruptedException {
        broken = false;
        MqttLink opened =
                Succession.take(left, settings, hub, () -> context.execute(this::flush), memory, new Listener(context));
        if (opened == null) {
            return false;
        }
        link = opened;
        keepSubscriptions(context);
        look(context);
        return true;
    }

    private void look(DeviceContext context) {
        context.after(LOOK, () -> {
            if (hub.tick(LOOKS_UNTIL_THAW, LOOKS_UNTIL_DROP)) {
                look(context);
            } else {
                LOG.debug("{}: messages go on", context.id());
            }
        });
    }

    /** A clean goodbye keeps the broker from sending the will, so we say it. */
    private static void farewell(MqttLink open, LinkSettings.Will will) {
        try {
            open.publish(will.topic(), will.payload().getBytes(StandardCharsets.UTF_8), will.qos(), will.retain());
        } catch (BindingException e) {
            LOG.debug("no farewell: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Asks for messages; nothing is waited for. After the broker was lost, all is asked for anew by the devices that open again.
     *
     * @param refused told if the broker will not have it
     */
    public Subscription subscribe(String filter, int qos, MessageHandler handler, Consumer<String> refused) {
        String fault = TopicFilter.filterFault(filter).orElse(null);
        if (fault != null) {
            // Names come from outside too; one that cannot be a topic is its device's trouble, not the broker's.
            refused.accept(fault);
            return () -> {};
        }
        return hub.subscribe(filter, qos, handler, refused);
    }

    /** Sends a text; see {@link MqttLink#publish}. Not on the receiving thread. */
    public void publish(String topic, String payload, int qos, boolean retain)
            throws BindingException, InterruptedException {
        MqttLink open = link;
        if (open == null) {
            throw new BindingException("no connection to the broker at " + settings.address());
        }
        open.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain);
    }

    /** For messages to people: host and port. */
    public String address() {
        return settings.address();
    }

    /** What the broker says when it takes us for dead; null for nothing. */
    public LinkSettings.@Nullable Will will() {
        return settings.will();
    }

    private void flush() throws BindingException {
        MqttLink open = link;
        if (open != null && !broken) {
            hub.flush(open);
        }
    }

    private final class Listener implements LinkListener {
        private final DeviceContext context;

        Listener(DeviceContext context) {
            this.context = context;
        }

        /** Whatever a handler throws must not reach Paho, which would drop the connection. */
        @Override
        public void onMessage(Message message) {
            try {
                hub.dispatch(message);
            } catch (RuntimeException e) {
                LOG.error("{}: cannot handle {}", context.id(), message, e);
                context.malformed("message on " + message.topic() + ": " + e);
            }
        }

        @Override
        public void onOversize(String topic, long bytes) {
            context.malformed("message of " + bytes + " bytes on " + topic + ": larger than the limit of "
                    + settings.maxMessage() + " ('max-message')");
        }

        @Override
        public void onRefused(String filter, String reason) {
            context.malformed("subscription to " + filter + ": " + reason);
            hub.refused(filter, reason);
        }

        @Override
        public void onLost(String reason) {
            broken = true;
            context.lost(reason);
        }
    }
}
