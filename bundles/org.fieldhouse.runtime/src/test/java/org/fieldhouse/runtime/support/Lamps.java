package org.fieldhouse.runtime.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Units;

/** A binding of lamps and hubs that a test steers. */
public class Lamps implements Binding {
    public static final DeviceDescription LAMP = new DeviceDescription(
            "light",
            List.of(
                    PointSpec.control("onoff", ValueSpec.ON_OFF),
                    PointSpec.control("brightness", ValueSpec.quantity(Units.PERCENT, 0, 100)),
                    PointSpec.measurement("power", ValueSpec.quantity(Units.WATT, 0, 1000))),
            List.of(new ActionSpec("blink", List.of(), false, ""), new ActionSpec("beep", List.of(), true, "")),
            List.of(),
            "onoff",
            Map.of());

    private final String id;
    public final Map<DeviceId, Lamp> made = new ConcurrentHashMap<>();
    /** Calls in order: {@code open hub}, {@code close lamp}. */
    public final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    public Lamps(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Set<String> types() {
        return Set.of("lamp", "hub");
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        config.settings().text("host", "");
        config.settings().integer("port", 1, 65_535, 1883);
        Lamp lamp = new Lamp(config.id());
        made.put(config.id(), lamp);
        return lamp;
    }

    public Lamp lamp(String id) {
        Lamp lamp = made.get(new DeviceId(id));
        if (lamp == null) {
            throw new IllegalStateException("not made: " + id);
        }
        return lamp;
    }

    /** One lamp, or hub. */
    public final class Lamp implements Device {
        public final DeviceId id;
        public final List<Command> handled = new CopyOnWriteArrayList<>();
        public volatile DeviceContext context;
        public volatile String refuse;
        public volatile boolean permanent;
        public volatile OnOpen onOpen = context -> {};
        public volatile OnHandle onHandle = command -> {};

        Lamp(DeviceId id) {
            this.id = id;
        }

        @Override
        public void open(DeviceContext newContext) throws BindingException, InterruptedException {
            calls.add("open " + id);
            context = newContext;
            String why = refuse;
            if (why != null) {
                throw permanent ? BindingException.permanent(why) : new BindingException(why);
            }
            newContext.describe(LAMP);
            onOpen.run(newContext);
        }

        @Override
        public void handle(Command command) throws BindingException, InterruptedException {
            onHandle.run(command);
            handled.add(command);
        }

        @Override
        public void close() {
            calls.add("close " + id);
        }
    }

    /** What a lamp does when it is opened. */
    public interface OnOpen {
        void run(DeviceContext context) throws BindingException, InterruptedException;
    }

    /** What a lamp does with a command before it takes it. */
    public interface OnHandle {
        void run(Command command) throws BindingException, InterruptedException;
    }
}
