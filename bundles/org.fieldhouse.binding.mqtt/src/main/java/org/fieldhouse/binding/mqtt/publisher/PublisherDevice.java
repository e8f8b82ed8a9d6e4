package org.fieldhouse.binding.mqtt.publisher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.State;
import org.fieldhouse.binding.mqtt.BrokerDevice;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.publisher.PublisherCodec.Announcement;
import org.jspecify.annotations.Nullable;

/**
 * Publishes points of the house by device-based discovery, and takes commands for them. States and announcements go out on the
 * bus subscription's thread and on the lane; commands come in on the receiving thread, which only hands them to the router.
 */
public final class PublisherDevice implements Device {
    private static final int QOS = 1;
    private static final int MAILBOX = 65_536;
    /** So that what was announced by an earlier life, and is not any more, has been heard of. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /**
     * @param prefix of discovery topics
     * @param base of all other topics
     * @param commands whether points may be written from outside
     * @param slot of the priority array in which such writes stand, 1 to 16
     * @param version of this bundle, for the announcement
     */
    public record Settings(
            String prefix,
            String base,
            List<String> include,
            List<String> exclude,
            boolean commands,
            int slot,
            String version) {}

    private final Settings settings;
    private final Selection selection;
    private final Supplier<@Nullable Outlets> outlets;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<DeviceId, Announcement> announced = new ConcurrentHashMap<>();
    private final Map<String, DeviceInfo> byNode = new ConcurrentHashMap<>();
    /** Announcements at the broker that are ours by their topics, and what else they say is stored there. */
    private final Map<String, Set<String>> found = new ConcurrentHashMap<>();
    /** What the bus has told of a device's being there since we listen; newer than a model that was read before. */
    private final Map<DeviceId, Boolean> online = new ConcurrentHashMap<>();

    private org.fieldhouse.api.bus.@Nullable Subscription bus;
    private @Nullable BrokerDevice broker;

    /** @param outlets the services of the house; null while they are not there */
    public PublisherDevice(Settings settings, Supplier<@Nullable Outlets> outlets) {
        this.settings = settings;
        this.outlets = outlets;
        selection = new Selection(settings.include(), settings.exclude());
    }

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        BrokerDevice through = context.bridge(BrokerDevice.class);
        Outlets house = outlets.get();
        if (house == null) {
            throw new BindingException("the services of the runtime are not there yet");
        }
        LinkSettings.Will will = through.will();
        if (will == null || will.birth() == null) {
            throw BindingException.permanent(
                    "its broker needs a will, so that others see when this house is gone; add to the"
                            + " broker: will: {topic: " + settings.base() + "/state, payload: offline, birth: online}");
        }
        PublisherCodec words =
                new PublisherCodec(settings.base(), will.topic(), will.birth(), will.payload(), settings.commands());
        broker = through;
        context.describe(new DeviceDescription(
                "publisher",
                List.of(),
                List.of(),
                List.of(),
                null,
                Map.of("discovery", settings.prefix(), "topics", settings.base() + "/…")));
        Out out = new Out(context, house, through, words);
        bus = house.bus().subscribe("publish " + context.id(), Overflow.COALESCE, MAILBOX, out);
        out.announceAll(false);
        listen(through, context, settings.prefix() + "/status", m -> {
            if (m.text().equals("online") && !m.retained()) {
                context.execute(() -> out.announceAll(true));
            }
        });
        listen(through, context, settings.prefix() + "/device/+/config", this::heard);
        if (settings.commands()) {
            listen(through, context, settings.base() + "/+/+/set", m -> command(context, house, m));
        }
        context.after(SETTLE, () -> clearOrphans(through));
    }

    private void listen(
            BrokerDevice through,
            DeviceContext context,
            String filter,
            org.fieldhouse.binding.mqtt.client.MessageHandler handler) {
        subscriptions.add(
                through.subscribe(filter, QOS, handler, why -> context.malformed("topic " + filter + ": " + why)));
    }

    @Override
    public void close() {
        org.fieldhouse.api.bus.Subscription open = bus;
        if (open != null) {
            open.close();
        }
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        announced.clear();
        byNode.clear();
        found.clear();
        online.clear();
        bus = null;
        broker = null;
    }

    private String configTopic(DeviceId device) {
        return settings.prefix() + "/device/" + nodePrefix() + PublisherCodec.node(device.value()) + "/config";
    }

    /** How the topics of all our announcements begin, also of an earlier life; so we do not discover ourselves. */
    public String announcements() {
        return settings.prefix() + "/device/" + nodePrefix();
    }

    private String nodePrefix() {
        return "fieldhouse_" + PublisherCodec.node(settings.base()) + "_";
    }

    // ---- receiving thread

    private void heard(Message message) {
        if (!message.isEmpty() && message.topic().startsWith(settings.prefix() + "/device/" + nodePrefix())) {
            found.put(message.topic(), stored(message));
        }
    }

    /** Topics of ours that an announcement names and that are stored: states and availability, not commands. */
    private Set<String> stored(Message message) {
        String node = message.topic()
                .substring(announcements().length(), message.topic().lastIndexOf('/'));
        Set<String> topics = new HashSet<>();
        try {
            texts(message.json(), text -> {
                if (text.startsWith(settings.base() + "/" + node + "/") && !text.endsWith("/set")) {
                    topics.add(text);
                }
            });
        } catch (JsonException e) {
            return Set.of(); // not of our making: there is nothing else to clear
        }
        return topics;
    }

    private static void texts(@Nullable Object json, Consumer<String> to) {
        if (json instanceof String text) {
            to.accept(text);
        } else if (json instanceof Map<?, ?> map) {
            map.values().forEach(each -> texts(each, to));
        } else if (json instanceof List<?> list) {
            list.forEach(each -> texts(each, to));
        }
    }

    private void command(DeviceContext context, Outlets house, Message message) {
        // A stored command was meant for another day.
        if (message.retained()) {
            return;
        }
        String[] parts = message.topic().substring(settings.base().length() + 1).split("/", -1);
        DeviceInfo device = byNode.get(parts[0]);
        DeviceInfo now = device == null
                ? null
                : house.house().model().device(device.id()).orElse(null);
        if (now == null) {
            context.malformed("command on " + message.topic() + ": no such device is published");
            return;
        }
        try {
            Request request = request(now, parts[1], message);
            house.router().send(request, new Cue(0, "mqtt " + address(), null));
        } catch (CommandRefusedException | IllegalArgumentException e) {
            context.malformed("command on " + message.topic() + " refused: " + e.getMessage());
        }
    }

    private String address() {
        BrokerDevice through = broker;
        return through == null ? "" : through.address();
    }

    private Request request(DeviceInfo device, String member, Message message) {
        for (PointSpec p : device.description().points()) {
            if (PublisherCodec.node(p.name()).equals(member) && selection.has(device, p.name())) {
                Reading reading = PublisherCodec.value(message.text(), p.value());
                if (reading instanceof Reading.Good good) {
                    return new Request.SetPoint(
                            new PointId(device.id(), p.name()), good.value(), settings.slot(), null, Map.of());
                }
                throw new IllegalArgumentException(
                        reading instanceof Reading.Bad bad ? bad.reason() : "an empty command");
            }
        }
        return device.description().actions().stream()
                .filter(a -> PublisherCodec.node(a.name()).equals(member) && selection.has(device, a.name()))
                .findFirst()
                .map(a -> new Request.CallAction(device.id(), a.name(), Map.of()))
                .orElseThrow(() -> new IllegalArgumentException("no point or action '" + member + "' is published"));
    }

    // ---- lane

    private void clearOrphans(BrokerDevice through) throws BindingException, InterruptedException {
        Map<String, Set<String>> orphans = new HashMap<>(found);
        announced.keySet().forEach(device -> orphans.remove(configTopic(device)));
        for (Map.Entry<String, Set<String>> orphan : orphans.entrySet()) {
            through.publish(orphan.getKey(), "", QOS, true);
            for (String topic : orphan.getValue()) {
                through.publish(topic, "", QOS, true);
            }
        }
        found.clear();
    }

    /** What goes out. Announcements under the monitor, since lane and bus thread both make them. */
    private final class Out implements EventHandler {
        private final DeviceContext context;
        private final Outlets house;
        private final BrokerDevice through;
        private final PublisherCodec words;

        Out(DeviceContext context, Outlets house, BrokerDevice through, PublisherCodec words) {
            this.context = context;
            this.house = house;
            this.through = through;
            this.words = words;
        }

        void announceAll(boolean again) throws BindingException, InterruptedException {
            HouseModel model = house.house().model();
            for (DeviceInfo device : model.devices()) {
                announce(device);
            }
            if (again) {
                context.status(org.fieldhouse.api.model.Status.ONLINE);
            }
        }

        private synchronized void announce(DeviceInfo device) throws BindingException, InterruptedException {
            Optional<Announcement> now = device.id().equals(context.id())
                    ? Optional.empty()
                    : words.announcement(device, selection, settings.version());
            if (now.isEmpty()) {
                retract(device.id());
                return;
            }
            DeviceInfo other = byNode.get(PublisherCodec.node(device.id().value()));
            if (other != null && !other.id().equals(device.id())) {
                context.malformed(device.name() + " is not published: in topics its id " + device.id() + " reads as "
                        + other.id() + " of " + other.name() + " does; give one of them another 'id:'");
                return;
            }
            Announcement before = announced.put(device.id(), now.get());
            byNode.put(PublisherCodec.node(device.id().value()), device);
            String topic = configTopic(device.id());
            if (before != null) {
                Optional<String> farewell = now.get().farewell(before);
                if (farewell.isPresent()) {
                    through.publish(topic, farewell.get(), QOS, true);
                }
                for (String gone : before.topics()) {
                    if (!now.get().topics().contains(gone)) {
                        through.publish(gone, "", QOS, true);
                    }
                }
            }
            through.publish(topic, now.get().text(), QOS, true);
            available(device, online.getOrDefault(device.id(), device.status().isOnline()));
            for (PointSpec p : device.description().points()) {
                if (p.access().readable() && selection.has(device, p.name())) {
                    state(device, p.name(), house.house().state(new PointId(device.id(), p.name())));
                }
            }
        }

        /** Nothing of it stays at the broker. */
        private synchronized void retract(DeviceId id) throws BindingException, InterruptedException {
            Announcement before = announced.remove(id);
            DeviceInfo device = before == null ? null : byNode.remove(PublisherCodec.node(id.value()));
            if (before == null || device == null) {
                return;
            }
            through.publish(configTopic(id), "", QOS, true);
            through.publish(words.availabilityTopic(device), "", QOS, true);
            for (String topic : before.topics()) {
                through.publish(topic, "", QOS, true);
            }
        }

        private void available(DeviceInfo device, boolean there) throws BindingException, InterruptedException {
            through.publish(words.availabilityTopic(device), there ? "online" : "offline", QOS, true);
        }

        private void state(DeviceInfo device, String point, State state) throws BindingException, InterruptedException {
            through.publish(words.stateTopic(device, point), PublisherCodec.payload(state), QOS, true);
        }

        @Override
        public void onEvent(Event event) throws Exception {
            try {
                publish(event);
            } catch (BindingException e) {
                // That the broker is away is its status; what is kept there is announced again when it is back, but no
                // event is.
                if (event.fact() instanceof Fact.DeviceSignalled s) {
                    context.malformed("event " + s.event() + " of " + s.device() + " is lost: " + e.getMessage());
                }
            }
        }

        /** Under the monitor: what the lane read before this event must not be published after it. */
        private synchronized void publish(Event event) throws BindingException, InterruptedException {
            Fact fact = event.fact();
            if (fact instanceof Fact.StateChanged s) {
                DeviceInfo device = published(s.point().device());
                Announcement said = announced.get(s.point().device());
                if (device != null && said != null) {
                    // A point that the device has no more changes as well, when the device goes or comes.
                    String topic = words.stateTopic(device, s.point().point());
                    if (said.topics().contains(topic)) {
                        through.publish(topic, PublisherCodec.payload(s.after()), QOS, true);
                    }
                }
            } else if (fact instanceof Fact.StatusChanged s) {
                online.put(s.device(), s.after().isOnline());
                DeviceInfo device = published(s.device());
                if (device != null) {
                    available(device, s.after().isOnline());
                }
            } else if (fact instanceof Fact.DeviceSignalled s) {
                DeviceInfo device = published(s.device());
                if (device != null && selection.has(device, s.event())) {
                    through.publish(
                            words.eventTopic(device), PublisherCodec.payload(s.event(), s.arguments()), QOS, false);
                }
            } else if (fact instanceof Fact.DeviceRemoved r) {
                online.remove(r.device());
                retract(r.device());
            } else {
                renew(fact);
            }
        }

        private void renew(Fact fact) throws BindingException, InterruptedException {
            DeviceId id = fact instanceof Fact.DeviceDescribed d
                    ? d.device()
                    : fact instanceof Fact.DeviceRenamed r
                            ? r.device()
                            : fact instanceof Fact.DeviceAdded a ? a.device() : null;
            Optional<DeviceInfo> device =
                    id == null ? Optional.empty() : house.house().model().device(id);
            if (device.isPresent()) {
                announce(device.get());
            }
        }

        private @Nullable DeviceInfo published(DeviceId id) {
            return announced.containsKey(id) ? byNode.get(PublisherCodec.node(id.value())) : null;
        }
    }
}
