package org.fieldhouse.binding.mqtt.homeassistant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.BrokerDevice;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.Signals;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.jspecify.annotations.Nullable;

/** A device that announced itself by discovery. The fields are the lane's, but for what is volatile. */
public final class HomeAssistantDevice implements Device {
    private final String key;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private volatile @Nullable DeviceContext context;
    private @Nullable HomeAssistantBridge bridge;
    private List<Entity> announced = List.of();
    private @Nullable Assembly assembly;

    /** @param key the device's identifier in its announcements */
    public HomeAssistantDevice(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    @Override
    public void open(DeviceContext opened) throws BindingException {
        context = opened;
        HomeAssistantBridge through = opened.bridge(HomeAssistantBridge.class);
        bridge = through;
        List<Entity> now = through.attach(this);
        if (now.isEmpty()) {
            opened.status(Status.offline("'" + key + "' has not announced itself"));
        } else {
            apply(now);
        }
    }

    @Override
    public void close() {
        HomeAssistantBridge through = bridge;
        if (through != null) {
            through.detach(this);
        }
        unsubscribe();
        announced = List.of();
        assembly = null;
        bridge = null;
        context = null;
    }

    private void unsubscribe() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
    }

    /** Its announcements have changed. Lane of the bridge. */
    void announced(List<Entity> now) {
        DeviceContext open = context;
        if (open != null) {
            open.execute(() -> apply(now));
        }
    }

    private void apply(List<Entity> now) throws BindingException {
        DeviceContext open = context;
        HomeAssistantBridge through = bridge;
        if (open == null || through == null || same(announced, now)) {
            return;
        }
        announced = now;
        unsubscribe();
        if (now.isEmpty()) {
            assembly = null;
            open.status(Status.offline("it has taken its announcement back"));
            return;
        }
        Assembly assembled = Assembly.of(now);
        assembly = assembled;
        open.describe(assembled.description());
        open.status(
                assembled.entities().isEmpty()
                        ? Status.fault("none of its entities is supported; see its details")
                        : Status.ONLINE);
        subscribe(open, through, assembled);
    }

    private static boolean same(List<Entity> a, List<Entity> b) {
        return a.stream()
                .map(Entity::config)
                .toList()
                .equals(b.stream().map(Entity::config).toList());
    }

    private void subscribe(DeviceContext open, HomeAssistantBridge through, Assembly assembled)
            throws BindingException {
        BrokerDevice broker = through.broker();
        Presence presence = new Presence(assembled, open, through);
        Map<String, Listening> byTopic = new LinkedHashMap<>();
        for (Entity e : assembled.entities()) {
            Names names = new Names(open, assembled.names().getOrDefault(e, Map.of()), e.config());
            for (Entity.Input input : e.inputs()) {
                Listening l = byTopic.computeIfAbsent(input.topic(), t -> new Listening(open));
                l.inputs.add(new Feed(input, names));
                l.qos = Math.max(l.qos, input.qos());
            }
        }
        for (String topic : presence.topics()) {
            byTopic.computeIfAbsent(topic, t -> new Listening(open)).presence = presence;
        }
        byTopic.forEach((topic, l) -> subscriptions.add(
                broker.subscribe(topic, l.qos, l::onMessage, why -> open.malformed("topic " + topic + ": " + why))));
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        Assembly now = assembly;
        HomeAssistantBridge through = bridge;
        if (now == null || through == null) {
            throw new BindingException("'" + key + "' has not announced itself");
        }
        List<Entity.Publication> out = new ArrayList<>();
        try {
            if (command.request() instanceof Request.SetPoint set) {
                Map<String, Value> all = new LinkedHashMap<>();
                all.put(set.point().point(), set.value());
                all.putAll(set.parameters());
                out.addAll(publications(now, all));
            } else if (command.request() instanceof Request.CallAction call) {
                Assembly.Place place = now.places().get(call.action());
                Entity.Caller caller =
                        place == null ? null : place.entity().callers().get(place.local());
                if (caller == null) {
                    throw new BindingException("it has no action '" + call.action() + "' any more");
                }
                out.add(caller.call(call.arguments()));
            } else {
                throw new BindingException("it cannot be asked for values; it reports by itself");
            }
        } catch (TemplateException e) {
            throw new BindingException(String.valueOf(e.getMessage()), e);
        }
        for (Entity.Publication p : out) {
            through.broker().publish(p.topic(), p.payload(), p.qos(), p.retain());
        }
    }

    private static List<Entity.Publication> publications(Assembly now, Map<String, Value> all)
            throws TemplateException, BindingException {
        Map<Entity, Map<String, Value>> byEntity = new LinkedHashMap<>();
        for (Map.Entry<String, Value> one : all.entrySet()) {
            Assembly.Place place = now.places().get(one.getKey());
            if (place != null) {
                byEntity.computeIfAbsent(place.entity(), e -> new LinkedHashMap<>())
                        .put(place.local(), one.getValue());
            } else if (!one.getKey().equals("fade")) {
                throw new BindingException("it has no point '" + one.getKey() + "' any more");
            }
        }
        List<Entity.Publication> out = new ArrayList<>();
        for (Map.Entry<Entity, Map<String, Value>> e : byEntity.entrySet()) {
            Map<String, Value> values = new LinkedHashMap<>(e.getValue());
            Set<Entity.Writer> writers = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
            List<Entity.Writer> inOrder = new ArrayList<>();
            for (String local : e.getValue().keySet()) {
                Entity.Writer w = e.getKey().writers().get(local);
                if (w == null) {
                    throw new BindingException("point '" + local + "' cannot be written");
                }
                if (writers.add(w)) {
                    inOrder.add(w);
                }
            }
            Value fade = all.get("fade");
            if (fade != null) {
                values.put("fade", fade);
            }
            for (Entity.Writer w : inOrder) {
                out.addAll(w.write(values));
            }
        }
        return out;
    }

    // ---- receiving thread

    private record Feed(Entity.Input input, Names names) {}

    private static final class Listening {
        private final DeviceContext context;
        private final List<Feed> inputs = new ArrayList<>();
        private @Nullable Presence presence;
        private int qos;

        Listening(DeviceContext context) {
            this.context = context;
        }

        void onMessage(Message message) {
            if (presence != null) {
                presence.onMessage(message);
            }
            for (Feed feed : inputs) {
                try {
                    feed.input.reader().read(message, feed.names);
                } catch (TemplateException e) {
                    context.malformed(feed.input.what() + " on " + message.topic() + ": " + e.getMessage());
                    feed.names.cannot(feed.input.what(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** Brings readings to the device's points under the names they have there. */
    private static final class Names implements Entity.Sink {
        private final DeviceContext context;
        private final Map<String, String> names;
        private final Duration offDelay;
        private final Map<String, Cancellable> pending = new ConcurrentHashMap<>();

        Names(DeviceContext context, Map<String, String> names, EntityConfig config) {
            this.context = context;
            this.names = names;
            double seconds = config.component().equals("binary_sensor") ? config.number("off_delay", 0) : 0;
            offDelay = Duration.ofMillis(Math.round(Math.max(0, Math.min(seconds, 1e7)) * 1000));
        }

        @Override
        public void report(String local, Reading reading) {
            String point = names.getOrDefault(local, local);
            if (reading instanceof Reading.Good good) {
                context.report(point, good.value());
                if (!offDelay.isZero()) {
                    fallBack(point, good.value());
                }
            } else if (reading instanceof Reading.Unknown) {
                context.reportBad(point, "the device does not know it now");
            } else if (reading instanceof Reading.Bad bad) {
                context.reportBad(point, bad.reason());
            }
        }

        /** A sensor that never says off is off after a while. */
        private void fallBack(String point, Value value) {
            Cancellable before = pending.remove(point);
            if (before != null) {
                before.cancel();
            }
            if (Bool.ON.equals(value)) {
                pending.put(point, context.after(offDelay, () -> context.report(point, Bool.OFF)));
            }
        }

        @Override
        public void signal(String event, Map<String, Value> arguments) {
            Signals.send(context, event, arguments);
        }

        void cannot(String local, String why) {
            String point = names.get(local);
            if (point != null) {
                context.reportBad(point, why);
            }
        }
    }

    /** Which entities say that they can be used, and what follows for the device. */
    private static final class Presence {
        private final Assembly assembly;
        private final DeviceContext context;
        private final HomeAssistantBridge bridge;
        private final Map<String, Boolean> said = new HashMap<>();
        private final Map<Entity, Boolean> present = new IdentityHashMap<>();

        Presence(Assembly assembly, DeviceContext context, HomeAssistantBridge bridge) {
            this.assembly = assembly;
            this.context = context;
            this.bridge = bridge;
        }

        Set<String> topics() {
            Set<String> out = new java.util.LinkedHashSet<>();
            assembly.entities().forEach(e -> e.availability().sources().forEach(s -> out.add(s.topic())));
            return out;
        }

        void onMessage(Message message) {
            boolean gone = false;
            boolean there = false;
            for (Entity e : assembly.entities()) {
                boolean before = present.getOrDefault(e, true);
                boolean now = before;
                for (Entity.Availability.Source s : e.availability().sources()) {
                    if (s.topic().equals(message.topic())) {
                        Boolean online = online(s, message);
                        if (online != null) {
                            said.put(id(s), online);
                            now = e.availability().mode().equals("latest") ? online : now;
                        }
                    }
                }
                now = combined(e.availability(), now);
                present.put(e, now);
                gone |= !now;
                there |= now;
            }
            if (gone && there) {
                lost();
            }
            bridge.availability(
                    context.id(), there || !gone ? Status.ONLINE : Status.offline("it says that it is not available"));
        }

        private static String id(Entity.Availability.Source s) {
            return s.topic() + "\n" + s.template();
        }

        private boolean combined(Entity.Availability a, boolean latest) {
            if (a.sources().isEmpty()) {
                return true;
            }
            return switch (a.mode()) {
                case "all" -> a.sources().stream().allMatch(s -> said.getOrDefault(id(s), true));
                case "any" -> a.sources().stream().anyMatch(s -> said.getOrDefault(id(s), true));
                default -> latest;
            };
        }

        private void lost() {
            present.forEach((e, there) -> {
                if (!there) {
                    assembly.names().getOrDefault(e, Map.of()).forEach((local, point) -> {
                        if (e.points().stream().anyMatch(p -> p.name().equals(local))) {
                            context.reportBad(point, "it says that it is not available");
                        }
                    });
                }
            });
        }

        private @Nullable Boolean online(Entity.Availability.Source s, Message message) {
            try {
                String word = EntityBuilder.rendered(message, s.template());
                if (s.online().equals(word)) {
                    return true;
                }
                if (s.offline().equals(word)) {
                    return false;
                }
                if (word != null && !word.isEmpty()) {
                    context.malformed("availability on " + message.topic() + ": '" + word + "' is neither '"
                            + s.online() + "' nor '" + s.offline() + "'");
                }
            } catch (TemplateException e) {
                context.malformed("availability on " + message.topic() + ": " + e.getMessage());
            }
            return null;
        }
    }
}
