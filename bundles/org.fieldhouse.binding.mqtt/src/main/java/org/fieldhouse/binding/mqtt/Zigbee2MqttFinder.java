package org.fieldhouse.binding.mqtt;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.binding.FinderContext;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.binding.mqtt.client.LinkListener;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.client.Links;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.MqttLink;
import org.fieldhouse.binding.mqtt.client.SessionMemory;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.NetworkInfo;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.Zigbee2MqttBridge;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/**
 * Looks for a Zigbee2MQTT at one broker, while the feature {@code zigbee} is there: it brings both configurations, and the owner, who may
 * set that of the settings, does not keep the search alive when the feature has gone.
 */
@Component(
        service = Finder.class,
        // In this order: with SCR 2.2.18, one that is there at the start keeps an earlier one that comes later from
        // being seen.
        configurationPid = {Zigbee2MqttFinder.SETTINGS, Zigbee2MqttFinder.SEARCH},
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Zigbee2MqttFinder implements Finder {
    static final String SEARCH = "org.fieldhouse.binding.mqtt.zigbee2mqtt.search";
    static final String SETTINGS = "org.fieldhouse.binding.mqtt.zigbee2mqtt";

    private static final String BASE = "zigbee2mqtt";
    private static final int PORT = 1883;
    private static final Duration ANSWER_TIME = Duration.ofSeconds(3);
    private static final long MAX_INFO = 4L << 20;
    /** How long networks of the house that have never been reached may be what is found here. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]");

    private final Zigbee2MqttFinderConfig config;
    private final House house;
    private final long startedNanos = System.nanoTime();

    @Activate
    public Zigbee2MqttFinder(Zigbee2MqttFinderConfig config, @Reference House house) {
        this.config = config;
        this.house = house;
    }

    @Override
    public String title() {
        return "Zigbee2MQTT at " + address()
                + (config.base().equals(BASE) ? "" : " under the topic '" + config.base() + "'");
    }

    private String address() {
        return config.host() + ":" + config.port();
    }

    @Override
    public List<Candidate> look(FinderContext context) throws BindingException, InterruptedException {
        String fault = TopicFilter.topicFault(config.base()).orElse(null);
        if (fault != null) {
            throw new BindingException("the base topic '" + config.base() + "': " + fault);
        }
        if (ours(Zigbee2MqttBridge.TYPE)
                .anyMatch(d -> isHere(d) && config.base().equals(detail(d, Zigbee2MqttBridge.BASE)))) {
            return List.of();
        }
        if (System.nanoTime() - startedNanos < GRACE.toNanos()
                && ours(DeviceDescription.EMPTY.type())
                        .anyMatch(d -> d.status().condition() == Status.Condition.CONNECTING)) {
            throw new BindingException("the house is still reaching its own brokers");
        }
        Map<String, Object> settings = settings();
        NetworkInfo info = ask(context, settings);
        if (!info.ieee().isEmpty()
                && ours(Zigbee2MqttBridge.TYPE)
                        .anyMatch(d -> info.ieee().equals(detail(d, Zigbee2MqttBridge.NETWORK)))) {
            return List.of();
        }
        return List.of(candidate(info, settings));
    }

    /** Devices of this binding that said to be of a type. */
    private Stream<DeviceInfo> ours(String type) {
        return house.model().devices().stream()
                .filter(d -> d.binding().equals(MqttBinding.ID)
                        && d.description().type().equals(type));
    }

    private boolean isHere(DeviceInfo device) {
        String address = detail(device, Zigbee2MqttBridge.ADDRESS);
        return address != null && plain(address).equals(plain(address()));
    }

    private static @Nullable String detail(DeviceInfo device, String key) {
        return device.description().details().get(key);
    }

    /** An address of which there is one way to write it. */
    private static String plain(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).toLowerCase(Locale.ROOT);
        return (LOOPBACK.contains(host) ? "localhost" : host) + address.substring(colon);
    }

    /** Of the entry that the device will have, where the binding's own defaults are not what is wanted. */
    private Map<String, Object> settings() throws BindingException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("host", config.host());
        if (config.port() != PORT) {
            settings.put("port", (long) config.port());
        }
        if (!config.base().equals(BASE)) {
            settings.put("base", config.base());
        }
        if (!config.user().isEmpty()) {
            settings.put("user", config.user());
        }
        if (!config.password().isEmpty()) {
            if (!config.password().matches("\\$\\{(secret|env):.+}")) {
                throw new BindingException(
                        "the password is to be ${secret:NAME} or ${env:NAME}: it is written into devices/*.yaml");
            }
            settings.put("password", config.password());
        }
        return settings;
    }

    private NetworkInfo ask(FinderContext context, Map<String, Object> settings)
            throws BindingException, InterruptedException {
        Answer answer = new Answer();
        MqttLink link = Links.connect(link(context, settings), new SessionMemory(), answer);
        try {
            link.subscribe(List.of(new MqttLink.Wanted(config.base() + "/bridge/info", 0)));
            return answer.await();
        } finally {
            link.close();
        }
    }

    private static LinkSettings link(FinderContext context, Map<String, Object> settings) throws BindingException {
        Map<String, Object> quick = new HashMap<>(settings);
        quick.put("timeout", "5 s");
        try {
            return BrokerSettings.read(context.settings(quick), MAX_INFO, 1);
        } catch (SettingsException e) {
            throw new BindingException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private Candidate candidate(NetworkInfo info, Map<String, Object> settings) {
        DeviceId broker = ours("broker")
                .filter(this::isHere)
                .map(DeviceInfo::id)
                .findFirst()
                .orElse(null);
        Map<String, Object> of = new HashMap<>(settings);
        if (broker != null) {
            // The house knows how to reach it.
            of.keySet().retainAll(Set.of("base"));
        }
        String which = info.ieee().isEmpty() ? address() + "/" + config.base() : info.ieee();
        String title = "Zigbee2MQTT " + info.version() + " at " + address()
                + (info.coordinator().isEmpty() ? "" : ", coordinator " + info.coordinator())
                + (info.channel().isEmpty() ? "" : ", channel " + info.channel());
        return new Candidate(DeviceId.of(BASE + ":" + which), MqttBinding.ID, BASE, broker, "Zigbee", title, of, true);
    }

    /** The first message, which the broker has in store if a Zigbee2MQTT was ever there. */
    private final class Answer implements LinkListener {
        private final CompletableFuture<NetworkInfo> info = new CompletableFuture<>();

        NetworkInfo await() throws BindingException, InterruptedException {
            try {
                return info.get(ANSWER_TIME.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new BindingException("the broker is there, but nothing is heard on " + config.base()
                        + "/bridge/info: is Zigbee2MQTT running, and is its base topic '" + config.base() + "'?");
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                throw new BindingException(cause == null ? e.toString() : String.valueOf(cause.getMessage()));
            }
        }

        private void fail(String why) {
            info.completeExceptionally(new BindingException(why));
        }

        @Override
        public void onMessage(Message message) {
            if (message.isEmpty()) {
                return;
            }
            try {
                Map<String, @Nullable Object> said = Json.object(message.json());
                if (said == null) {
                    fail(message.topic() + " is no JSON object");
                } else {
                    info.complete(NetworkInfo.of(said));
                }
            } catch (JsonException | RuntimeException e) {
                fail(message.topic() + ": " + e.getMessage());
            }
        }

        @Override
        public void onOversize(String topic, long bytes) {
            fail(topic + " has " + bytes + " bytes");
        }

        @Override
        public void onRefused(String filter, String reason) {
            fail("subscription to " + filter + ": " + reason);
        }

        @Override
        public void onLost(String reason) {
            fail(reason);
        }
    }
}
