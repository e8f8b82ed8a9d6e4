package org.fieldhouse.binding.mqtt;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.client.Stage;

/**
 * A broker and a device of topics go through whole hand-overs on a {@link Stage}: code that runs for the first time is ten times
 * slower, and while the binding is replaced messages wait for it.
 */
final class Rehearsal {
    private static final int TOPICS = 600;
    private static final int ROUNDS = 2;
    private static final DeviceId ID = new DeviceId("rehearsal");

    private final MqttBinding binding;
    private final LinkSettings.Version version;

    Rehearsal(MqttBinding binding, LinkSettings.Version version) {
        this.binding = binding;
        this.version = version;
    }

    void run() throws SettingsException, BindingException, InterruptedException {
        List<Map<String, Object>> points = new ArrayList<>();
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            String topic = "rehearsal/" + i;
            topics.add(topic);
            points.add(Map.of("name", "p" + i, "topic", topic, "command", topic + "/set"));
        }
        String protocol = version == LinkSettings.Version.V5 ? "5" : "3.1.1";
        for (int i = 0; i < ROUNDS; i++) {
            BrokerDevice broker = (BrokerDevice) make("broker", Map.of("version", protocol));
            play(broker, make("topics", Map.of("points", points)), topics);
        }
    }

    private Device make(String type, Map<String, Object> settings) throws SettingsException {
        return binding.create(new DeviceConfig(ID, "Rehearsal", type, null, Settings.of(settings)));
    }

    private void play(BrokerDevice broker, Device device, List<String> topics)
            throws BindingException, InterruptedException {
        Stage stage = new Stage(version);
        try {
            NoHouse house = new NoHouse(broker);
            if (!broker.takeOver(house, stage.left(topics, topics))) {
                throw new BindingException("what the broker left was not taken");
            }
            device.open(house);
            house.runAll();
            stage.bring(topics);
            for (int i = 0; i < topics.size(); i++) {
                PointId point = new PointId(ID, "p" + i);
                Request set = new Request.SetPoint(point, new Quantity(i, Unit.ONE), 12, null, Map.of());
                device.handle(new Command(i + 1, set, Cause.RUNTIME, 0, 0));
            }
            broker.quiesce();
            device.close();
            HandOver left = broker.handOver();
            if (left.transports().isEmpty()) {
                throw new BindingException("the connection was not left");
            }
        } finally {
            stage.close();
        }
    }

    /** A runtime that does what it is given to do when it is told to, and takes no note of anything else. */
    private static final class NoHouse implements DeviceContext {
        private final BrokerDevice broker;
        private final Queue<LaneTask> tasks = new ConcurrentLinkedQueue<>();

        NoHouse(BrokerDevice broker) {
            this.broker = broker;
        }

        void runAll() throws BindingException, InterruptedException {
            for (LaneTask next = tasks.poll(); next != null; next = tasks.poll()) {
                next.run();
            }
        }

        @Override
        public DeviceId id() {
            return ID;
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public void describe(DeviceDescription description) {}

        @Override
        public void report(String point, Value value) {}

        @Override
        public void report(String point, Value value, Quality quality, long sourceMicros) {}

        @Override
        public void reportBad(String point, String reason) {}

        @Override
        public boolean signal(String event, Map<String, Value> arguments) {
            return true;
        }

        @Override
        public void confirm(long command) {}

        @Override
        public void fail(long command, String reason) {}

        @Override
        public void status(Status status) {}

        @Override
        public void childStatus(DeviceId child, Status status) {}

        @Override
        public void lost(String reason) {}

        @Override
        public void malformed(String what) {}

        @Override
        public void offer(Candidate candidate) {}

        @Override
        public void withdraw(DeviceId candidate) {}

        @Override
        public <T extends Device> T bridge(Class<T> type) {
            return type.cast(broker);
        }

        @Override
        public Cancellable after(Duration delay, LaneTask task) {
            tasks.add(task);
            return () -> {};
        }

        @Override
        public Cancellable every(Duration pause, LaneTask task) {
            return () -> {};
        }

        @Override
        public void execute(LaneTask task) {
            tasks.add(task);
        }

        @Override
        public void thread(String name, LaneTask loop) {}
    }
}
