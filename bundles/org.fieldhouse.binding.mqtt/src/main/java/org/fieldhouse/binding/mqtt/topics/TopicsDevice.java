package org.fieldhouse.binding.mqtt.topics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.BrokerDevice;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.client.Signals;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonPointer;
import org.jspecify.annotations.Nullable;

/** A device whose points and events its owner has mapped to topics. */
public final class TopicsDevice implements Device {
    private final TopicsCodec codec;
    private final Map<String, PointMapping> points = new LinkedHashMap<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private @Nullable BrokerDevice broker;

    public TopicsDevice(TopicsCodec codec) {
        this.codec = codec;
        codec.points().forEach(p -> points.put(p.spec().name(), p));
    }

    @Override
    public void open(DeviceContext context) throws BindingException {
        BrokerDevice through = context.bridge(BrokerDevice.class);
        broker = through;
        context.describe(codec.description());
        Map<String, Listening> byTopic = new LinkedHashMap<>();
        for (PointMapping p : codec.points()) {
            PointMapping.Source source = p.source();
            if (source != null) {
                Listening l = byTopic.computeIfAbsent(source.topic(), t -> new Listening(context));
                l.points.add(p);
                l.qos = Math.max(l.qos, source.qos());
            }
        }
        for (EventMapping e : codec.events()) {
            Listening l = byTopic.computeIfAbsent(e.topic(), t -> new Listening(context));
            l.events.add(e);
            l.qos = Math.max(l.qos, e.qos());
        }
        TopicsCodec.Availability availability = codec.availability();
        if (availability != null) {
            byTopic.computeIfAbsent(availability.topic(), t -> new Listening(context)).availability = availability;
        }
        byTopic.forEach((topic, l) -> subscriptions.add(through.subscribe(
                topic, l.qos, l::onMessage, why -> context.status(Status.fault("topic " + topic + ": " + why)))));
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        BrokerDevice through = broker;
        if (through == null) {
            throw new BindingException("no broker");
        }
        if (command.request() instanceof Request.SetPoint set) {
            write(through, set.point().point(), set.value());
            if (!set.parameters().isEmpty()) {
                for (Map.Entry<String, Value> one : set.parameters().entrySet()) {
                    write(through, one.getKey(), one.getValue());
                }
            }
        } else {
            throw new BindingException("a topic can be written; it cannot be asked for or called");
        }
    }

    private void write(BrokerDevice through, String point, Value value) throws BindingException, InterruptedException {
        PointMapping mapping = points.get(point);
        PointMapping.Target target = mapping == null ? null : mapping.command();
        if (target == null) {
            throw new BindingException("point '" + point + "' has no 'command' topic");
        }
        through.publish(
                target.topic(), target.encoder().payload(target.template(), value), target.qos(), target.retain());
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
        broker = null;
    }

    /** What one topic means to this device. Built on the lane, used on the receiving thread. */
    private static final class Listening {
        private final DeviceContext context;
        private final List<PointMapping> points = new ArrayList<>();
        private final List<EventMapping> events = new ArrayList<>();
        private TopicsCodec.@Nullable Availability availability;
        private int qos;

        Listening(DeviceContext context) {
            this.context = context;
        }

        void onMessage(Message message) {
            for (int i = 0; i < points.size(); i++) { // on the path of every message
                PointMapping p = points.get(i);
                PointMapping.Source source = p.source();
                if (source != null) {
                    report(p.spec().name(), source.decoder().decode(message), message);
                }
            }
            // A stored message tells of something that was said long ago.
            if (!events.isEmpty() && !message.retained()) {
                for (EventMapping e : events) {
                    signal(e, message);
                }
            }
            if (availability != null) {
                status(availability, message);
            }
        }

        private void report(String point, Reading reading, Message message) {
            if (reading instanceof Reading.Good good) {
                context.report(point, good.value());
            } else if (reading instanceof Reading.Bad bad && !message.isEmpty()) {
                context.reportBad(point, bad.reason() + " (on " + message.topic() + ")");
            }
        }

        private void signal(EventMapping event, Message message) {
            try {
                if (event.matches(message)) {
                    Signals.send(context, event.name(), event.values(message));
                }
            } catch (JsonException e) {
                context.malformed("event " + event.name() + " on " + message.topic() + ": " + e.getMessage());
            }
        }

        private void status(TopicsCodec.Availability a, Message message) {
            String word = message.text().strip();
            JsonPointer pointer = a.pointer();
            if (pointer != null) {
                try {
                    word = Scalars.text(pointer.find(message.json()));
                } catch (JsonException e) {
                    context.malformed("availability on " + message.topic() + ": " + e.getMessage());
                    return;
                }
            }
            if (word.equals(a.online())) {
                context.status(Status.ONLINE);
            } else if (word.equals(a.offline())) {
                context.status(Status.offline("says '" + word + "' on " + message.topic()));
            } else if (!message.isEmpty()) {
                context.malformed("availability on " + message.topic() + ": " + Scalars.shown(word) + " is neither '"
                        + a.online() + "' nor '" + a.offline() + "'");
            }
        }
    }
}
