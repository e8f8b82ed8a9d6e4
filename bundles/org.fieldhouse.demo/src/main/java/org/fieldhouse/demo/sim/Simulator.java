package org.fieldhouse.demo.sim;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.demo.json.Json;
import org.fieldhouse.demo.sim.FrameLog.Frame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the house and speaks for it as Zigbee2MQTT does (zigbee2mqtt.io, "MQTT topics and messages"): retained {@code bridge/…} and
 * {@code …/availability}, a JSON state per device, {@code /set} and {@code /get}. One thread of its own does everything.
 */
public final class Simulator implements AutoCloseable, MqttPeer.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);
    private static final long TICK_MILLIS = 250;
    /** Every device speaks at least this often, seconds. */
    private static final double HEARTBEAT = 15;

    private static final double FIRST_REPORT = 3;
    /** What a real Zigbee network takes from command to report, ms. */
    private static final int RADIO_MIN = 8;

    private static final int RADIO_SPREAD = 25;

    private final DemoHouse house;
    private final Script script;
    private final Random radio;
    private final String base;
    private final Clock clock;
    private final FrameLog frames = new FrameLog();
    private final ScheduledExecutorService thread;
    private final MqttPeer mqtt;
    private final Map<Machine, Double> nextReport = new LinkedHashMap<>();
    private boolean permitJoin;
    private double now;
    private volatile double hour;

    /**
     * @param url of the broker, {@code tcp://host:port}
     * @param base first part of all topics, {@code zigbee2mqtt}
     * @param dayLength seconds of a day and a night of the demo
     * @param seed the same gives the same sequence
     */
    public Simulator(String url, String base, double dayLength, long seed, Clock clock) {
        this.base = base;
        this.clock = clock;
        house = new DemoHouse(dayLength);
        radio = new Random(seed);
        script = new Script(house, new RadioSide(), seed);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread t = new Thread(task, "demo-house");
            t.setDaemon(true);
            return t;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread = executor;
        for (Machine machine : house.machines()) {
            nextReport.put(machine, FIRST_REPORT);
        }
        hour = house.hour();
        mqtt = new MqttPeer(url, base, this);
    }

    /** Begins to connect, and lets time begin. */
    public void start() {
        mqtt.start();
        thread.scheduleAtFixedRate(guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        mqtt.close();
    }

    /** The last messages, for the view. */
    public FrameLog frames() {
        return frames;
    }

    /** Hour of the demo's day, 0 to 24; any thread. */
    public double hour() {
        return hour;
    }

    private void tick() {
        double dt = TICK_MILLIS / 1000.0;
        now += dt;
        if (!mqtt.isConnected()) {
            return; // the house stands still until somebody can hear it
        }
        script.tick(dt);
        house.tick(dt);
        hour = house.hour();
        nextReport.forEach((machine, due) -> {
            if (machine.takeChanged() | now >= due) {
                publishState(machine);
            }
        });
    }

    private void publishState(Machine machine) {
        nextReport.put(machine, now + HEARTBEAT * (0.8 + 0.4 * radio.nextDouble()));
        if (machine.online()) {
            publish(machine, Json.write(machine.state()));
        }
    }

    private void publish(Machine machine, String payload) {
        String topic = base + '/' + machine.name;
        Frame frame = new Frame(topic, payload, micros());
        frames.add(machine.name, frame);
        frames.add(machine.ieee, frame);
        mqtt.publish(topic, payload, false);
    }

    private long micros() {
        var instant = clock.instant();
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    @Override
    public void connected() {
        run(() -> {
            mqtt.publish(base + "/bridge/state", "{\"state\":\"online\"}", true);
            publishInfo();
            publishDevices();
            for (Machine machine : house.machines()) {
                publishAvailability(machine);
                publishState(machine);
                // Again soon, for whoever subscribes only when it has read the list of devices.
                nextReport.put(machine, now + FIRST_REPORT * (1 + radio.nextDouble()));
            }
        });
    }

    @Override
    public void message(String topic, byte[] payload) {
        String rest = topic.substring(base.length() + 1);
        if (rest.startsWith("bridge/request/")) {
            run(() -> answer(rest.substring("bridge/request/".length()), Json.object(payload)));
            return;
        }
        int slash = rest.lastIndexOf('/');
        house.named(rest.substring(0, slash)).ifPresent(machine -> {
            boolean set = rest.endsWith("/set");
            run(RADIO_MIN + radio.nextInt(RADIO_SPREAD), () -> {
                if (!machine.online()) {
                    return;
                }
                if (set) {
                    machine.set(Json.object(payload));
                    house.tick(0);
                }
                machine.takeChanged();
                publishState(machine);
            });
        });
    }

    private void answer(String request, Map<String, @Nullable Object> message) {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        if (request.equals("permit_join")) {
            Object time = message.get("time");
            permitJoin = time instanceof Number n && n.longValue() > 0;
            response.put("data", Map.of("time", time == null ? 0L : time));
            response.put("status", "ok");
            publishInfo();
        } else {
            response.put("data", Map.of());
            response.put("status", "error");
            response.put("error", "the demonstration does not do " + request);
        }
        if (message.get("transaction") != null) {
            response.put("transaction", message.get("transaction"));
        }
        mqtt.publish(base + "/bridge/response/" + request, Json.write(response), false);
    }

    private void publishInfo() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("version", "2.1.0");
        info.put("commit", "demo");
        info.put("coordinator", Map.of("ieee_address", "0x00124b00deb00000", "type", "demo", "meta", Map.of()));
        info.put("network", Map.of("channel", 15L, "pan_id", 6754L, "extended_pan_id", "0xdddddddddddddddd"));
        info.put("log_level", "info");
        info.put("permit_join", permitJoin);
        info.put("config", Map.of("availability", Map.of("enabled", true)));
        info.put("restart_required", false);
        mqtt.publish(base + "/bridge/info", Json.write(info), true);
    }

    private void publishDevices() {
        List<Object> devices = new ArrayList<>();
        Map<String, @Nullable Object> coordinator = new LinkedHashMap<>();
        coordinator.put("ieee_address", "0x00124b00deb00000");
        coordinator.put("type", "Coordinator");
        coordinator.put("network_address", 0L);
        coordinator.put("supported", true);
        coordinator.put("disabled", false);
        coordinator.put("friendly_name", "Coordinator");
        coordinator.put("definition", null);
        coordinator.put("interview_completed", true);
        coordinator.put("interviewing", false);
        coordinator.put("endpoints", Map.of());
        devices.add(coordinator);
        house.machines().forEach(machine -> devices.add(machine.entry()));
        mqtt.publish(base + "/bridge/devices", Json.write(devices), true);
    }

    private void publishAvailability(Machine machine) {
        String state = machine.online() ? "online" : "offline";
        mqtt.publish(base + '/' + machine.name + "/availability", "{\"state\":\"" + state + "\"}", true);
    }

    private void run(Runnable task) {
        run(0, task);
    }

    private void run(long delayMillis, Runnable task) {
        try {
            thread.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("The simulated house is closed", e);
        }
    }

    /** An executor forgets a task that throws; this one says so once and goes on. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("The simulated house stumbled", e);
            }
        };
    }

    private final class RadioSide implements Script.Radio {
        @Override
        public void garbage(Machine machine, String payload) {
            publish(machine, payload);
        }

        @Override
        public void availability(Machine machine, boolean online) {
            machine.setOnline(online);
            publishAvailability(machine);
            if (online) {
                publishState(machine);
            }
        }

        @Override
        public void press(Machine machine, String action) {
            Map<String, Object> message = new LinkedHashMap<>(machine.state());
            message.put("action", action);
            nextReport.put(machine, now + HEARTBEAT);
            publish(machine, Json.write(message));
        }
    }
}
