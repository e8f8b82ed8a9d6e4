package org.fieldhouse.binding.mqtt.homeassistant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.binding.mqtt.BrokerDevice;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what announces itself by Home Assistant discovery, and is the bridge to it.
 *
 * <p>Announcements come on the receiving thread and are gathered under the monitor; a moment later the lane offers devices and
 * tells open ones what has changed. The monitor is not held while calling out.
 */
public final class HomeAssistantBridge implements Device {
    /** Entities that are listed one by one. */
    private static final int MAX_LISTED = 100;

    private static final Duration GATHER = Duration.ofMillis(200);
    private static final int QOS = 1;

    private final String prefix;
    private final int maxCandidates;
    private final Predicate<String> own;
    private final long maxKept;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, HomeAssistantDevice> children = new ConcurrentHashMap<>();

    private final Map<String, Set<String>> byTopic = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, String> ownerOf = new HashMap<>();
    private final Map<String, String> deviceOf = new HashMap<>();
    private final Map<String, Map<String, Entity>> devices = new LinkedHashMap<>();
    private final Set<String> changed = new HashSet<>();
    private long kept;
    /** On the lane alone. */
    private final Map<String, List<Entity>> unusable = new TreeMap<>();

    private volatile @Nullable BrokerDevice broker;
    private volatile @Nullable DeviceContext context;

    /**
     * @param prefix of discovery topics, {@code homeassistant} unless configured otherwise
     * @param maxCandidates devices that may be offered
     * @param own whether a config topic is one that we announce ourselves
     */
    public HomeAssistantBridge(String prefix, int maxCandidates, Predicate<String> own) {
        this(prefix, maxCandidates, own, Runtime.getRuntime().maxMemory() / 4);
    }

    /** @param maxKept bytes of the heap that the announcements may take */
    public HomeAssistantBridge(String prefix, int maxCandidates, Predicate<String> own, long maxKept) {
        this.prefix = prefix;
        this.maxCandidates = maxCandidates;
        this.own = own;
        this.maxKept = maxKept;
    }

    @Override
    public void open(DeviceContext opened) throws BindingException {
        BrokerDevice through = opened.bridge(BrokerDevice.class);
        broker = through;
        context = opened;
        describe(opened);
        for (String filter : List.of(prefix + "/+/+/config", prefix + "/+/+/+/config")) {
            subscriptions.add(through.subscribe(
                    filter,
                    QOS,
                    m -> onConfig(opened, m),
                    why -> opened.status(Status.fault("topic " + filter + ": " + why))));
        }
    }

    /** With the entities of devices of which none can be used: these devices are not offered, and so have no place of their own. */
    private void describe(DeviceContext opened) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("prefix", prefix);
        int more = -MAX_LISTED;
        for (List<Entity> entities : unusable.values()) {
            for (Entity e : entities) {
                if (++more <= 0) {
                    details.put("not supported: " + e.config().identity(), String.valueOf(e.unsupported()));
                }
            }
        }
        if (more > 0) {
            details.put("not supported", "and " + more + " more");
        }
        opened.describe(new DeviceDescription("homeassistant", List.of(), List.of(), List.of(), null, details));
    }

    @Override
    public void close() {
        unusable.clear();
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        children.clear();
        synchronized (this) {
            byTopic.clear();
            sizes.clear();
            kept = 0;
            ownerOf.clear();
            deviceOf.clear();
            devices.clear();
            changed.clear();
        }
        broker = null;
        context = null;
    }

    // ---- receiving thread

    private void onConfig(DeviceContext opened, Message message) {
        String[] place = DiscoveryCodec.place(prefix, message.topic());
        if (place == null || own.test(message.topic())) {
            return;
        }
        List<Entity> entities = new ArrayList<>();
        long size = 0;
        if (!message.isEmpty()) {
            try {
                Map<String, @Nullable Object> json = Json.object(message.json());
                if (json == null) {
                    opened.malformed(message.topic() + " is no JSON object");
                    return;
                }
                DiscoveryCodec.Announcement a = DiscoveryCodec.read(place[0], place[1], place[2], json);
                if (a.migrating()) {
                    return; // the device's message takes its entities over
                }
                size = Json.size(json);
                a.entities().forEach(c -> entities.add(Components.entity(c)));
                a.malformed()
                        .forEach(id -> opened.malformed(
                                message.topic() + ": component '" + id + "' is no object with a 'platform'"));
            } catch (JsonException e) {
                opened.malformed(message.topic() + ": " + e.getMessage());
                return;
            }
        }
        if (!keeps(message.topic(), size)) {
            opened.malformed(
                    message.topic() + " is left out: all announcements would take more than " + maxKept + " bytes");
            entities.clear();
        }
        entities.stream()
                .filter(e -> e.unsupported() != null)
                .forEach(e -> opened.malformed(e.config().identity() + ": " + e.unsupported()));
        if (replace(message.topic(), entities)) {
            opened.after(GATHER, () -> tell(opened));
        }
    }

    /** Whether there is room for so much in the place of the topic's last one. */
    private synchronized boolean keeps(String topic, long size) {
        long others = kept - sizes.getOrDefault(topic, 0L);
        boolean fits = others + size <= maxKept;
        kept = fits ? others + size : others;
        if (fits && size > 0) {
            sizes.put(topic, size);
        } else {
            sizes.remove(topic);
        }
        return fits;
    }

    /** The topic announces these entities and no others any more. Returns whether somebody has to be told, first. */
    private synchronized boolean replace(String topic, List<Entity> entities) {
        boolean idle = changed.isEmpty();
        Set<String> before = byTopic.getOrDefault(topic, Set.of());
        Set<String> now = new HashSet<>();
        for (Entity e : entities) {
            String id = e.config().identity();
            now.add(id);
            String device = e.config().deviceKey();
            String elsewhere = deviceOf.put(id, device);
            if (elsewhere != null && !elsewhere.equals(device)) {
                drop(id, elsewhere);
            }
            ownerOf.put(id, topic);
            devices.computeIfAbsent(device, d -> new LinkedHashMap<>()).put(id, e);
            changed.add(device);
        }
        for (String id : before) {
            // Of an entity that another topic has announced since, this one has no say any more.
            if (!now.contains(id) && topic.equals(ownerOf.get(id))) {
                ownerOf.remove(id);
                String device = deviceOf.remove(id);
                if (device != null) {
                    drop(id, device);
                }
            }
        }
        if (now.isEmpty()) {
            byTopic.remove(topic);
        } else {
            byTopic.put(topic, now);
        }
        return idle && !changed.isEmpty();
    }

    private void drop(String id, String device) {
        Map<String, Entity> of = devices.get(device);
        if (of != null) {
            of.remove(id);
            if (of.isEmpty()) {
                devices.remove(device);
            }
            changed.add(device);
        }
    }

    // ---- lane

    private void tell(DeviceContext opened) {
        Map<String, List<Entity>> news = new LinkedHashMap<>();
        int all;
        synchronized (this) {
            // At a start the publisher may be made after its announcements of an earlier life were heard here.
            List.copyOf(byTopic.keySet()).stream().filter(own).forEach(topic -> replace(topic, List.of()));
            changed.forEach(d ->
                    news.put(d, List.copyOf(devices.getOrDefault(d, Map.of()).values())));
            changed.clear();
            all = devices.size();
        }
        if (all > maxCandidates) {
            opened.malformed(all + " devices announce themselves, more than " + maxCandidates + " are not offered");
        }
        boolean told = false;
        for (Map.Entry<String, List<Entity>> e : news.entrySet()) {
            List<Entity> entities = e.getValue();
            boolean useless = !entities.isEmpty() && entities.stream().noneMatch(x -> x.unsupported() == null);
            told |= useless
                    ? !entities.equals(unusable.put(e.getKey(), entities))
                    : unusable.remove(e.getKey()) != null;
        }
        if (told) {
            describe(opened);
        }
        news.forEach((device, entities) -> {
            DeviceId id = DeviceId.of("ha:" + device);
            if (entities.isEmpty()) {
                opened.withdraw(id);
            } else if (all <= maxCandidates && entities.stream().anyMatch(e -> e.unsupported() == null)) {
                opened.offer(candidate(opened, id, device, entities));
            }
            HomeAssistantDevice child = children.get(device);
            if (child != null) {
                child.announced(entities);
            }
        });
    }

    private static Candidate candidate(DeviceContext opened, DeviceId id, String device, List<Entity> entities) {
        EntityConfig first = entities.get(0).config();
        Map<String, String> facts = first.deviceFacts();
        String name = first.device().get("name") instanceof String s && !s.isBlank() ? s : first.text("name", device);
        String title = (facts.getOrDefault("manufacturer", "") + " " + facts.getOrDefault("model", "")).strip();
        long unsupported =
                entities.stream().filter(e -> e.unsupported() != null).count();
        if (unsupported > 0) {
            title += " (" + unsupported + " of " + entities.size() + " entities are not supported)";
        }
        return new Candidate(
                id,
                "mqtt",
                "homeassistant-device",
                opened.id(),
                Names.toDeviceName(name),
                title.strip(),
                Map.of("device", device));
    }

    // ---- children, on their lanes

    /** A child has opened. Returns what is announced for it; nothing if it is not (yet). */
    List<Entity> attach(HomeAssistantDevice child) {
        children.put(child.key(), child);
        synchronized (this) {
            return List.copyOf(devices.getOrDefault(child.key(), Map.of()).values());
        }
    }

    void detach(HomeAssistantDevice child) {
        children.remove(child.key(), child);
    }

    BrokerDevice broker() throws BindingException {
        BrokerDevice through = broker;
        if (through == null) {
            throw new BindingException("no broker");
        }
        return through;
    }

    /** What is said of a child's presence. Any thread. */
    void availability(DeviceId child, Status status) {
        DeviceContext opened = context;
        if (opened != null) {
            opened.childStatus(child, status);
        }
    }
}
