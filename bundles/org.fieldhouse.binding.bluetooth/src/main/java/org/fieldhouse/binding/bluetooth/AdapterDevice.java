package org.fieldhouse.binding.bluetooth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.binding.bluetooth.bluez.Bus;
import org.fieldhouse.binding.bluetooth.bluez.BusListener;
import org.jspecify.annotations.Nullable;

/**
 * A Bluetooth adapter of this machine, and the bridge of all that it hears. Each opening has its own connection to the bus; what comes
 * over it is dealt with on the connection's thread.
 */
final class AdapterDevice implements Device {
    /** Where org.bluez.Adapter puts its objects. */
    private static final String ROOT = "/org/bluez/";

    private static final String DEVICE = "/dev_";
    private static final Duration SWEEP = Duration.ofSeconds(30);
    /** Between the end of a discovery that we did not end and its next begin. */
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(5);

    private final Setup setup;
    private final Map<String, BleDevice> children = new ConcurrentHashMap<>();
    private volatile @Nullable Bus bus;
    private volatile @Nullable Neighbours neighbours;
    private volatile @Nullable DeviceContext opened;

    /**
     * What the owner wrote.
     *
     * @param adapter as BlueZ calls it, {@code hci0}
     * @param power whether to switch it on when it is off
     * @param busAddress D-Bus address of the message bus
     * @param answer how long bluetoothd has for an answer
     * @param candidates that may be offered at a time
     */
    record Setup(String adapter, boolean power, String busAddress, Duration answer, int candidates) {
        String path() {
            return ROOT + adapter;
        }
    }

    AdapterDevice(Setup setup) {
        this.setup = setup;
    }

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        Neighbours around = new Neighbours(context.id(), setup.candidates());
        neighbours = around;
        opened = context;
        Bus fresh = Bus.open(setup.busAddress(), setup.answer(), new Listener(context, around));
        bus = fresh;
        Map<String, Map<String, Map<String, Object>>> objects = fresh.objects();
        Map<String, Object> adapter = adapter(objects);
        if (!Boolean.TRUE.equals(adapter.get("Powered"))) {
            if (!setup.power()) {
                throw new BindingException(
                        setup.adapter() + " is switched off: `bluetoothctl power on`, or `power: true`");
            }
            fresh.power(setup.path());
        }
        context.describe(description(adapter));
        fresh.listen(setup.path());
        Listener heard = new Listener(context, around);
        objects.forEach((path, interfaces) -> heard.onKnown(path, interfaces));
        context.report("powered", Bool.ON);
        context.report("scanning", Bool.ON);
        context.report("in_range", Quantity.of(around.inRange(context.clock().millis())));
        context.every(SWEEP, () -> sweep(context, around));
    }

    private Map<String, Object> adapter(Map<String, Map<String, Map<String, Object>>> objects) throws BindingException {
        Map<String, Object> found = objects.getOrDefault(setup.path(), Map.of()).get(Bus.ADAPTER);
        if (found != null) {
            return found;
        }
        String others = objects.entrySet().stream()
                .filter(each -> each.getValue().containsKey(Bus.ADAPTER))
                .map(each -> each.getKey().substring(ROOT.length()))
                .sorted()
                .collect(Collectors.joining(", "));
        throw new BindingException("there is no adapter " + setup.adapter() + "; "
                + (others.isEmpty()
                        ? "there is none at all: is the dongle plugged in?"
                        : "there is " + others + ": which one is it ('adapter')?"));
    }

    private static DeviceDescription description(Map<String, Object> adapter) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("address", String.valueOf(adapter.get("Address")));
        details.put("name", String.valueOf(adapter.get("Alias")));
        return new DeviceDescription(
                "bluetooth",
                List.of(
                        PointSpec.measurement("in_range", ValueSpec.quantity(Unit.ONE))
                                .withTitle("Devices that were heard within a minute"),
                        PointSpec.state("powered", ValueSpec.ON_OFF).withCategory(Category.DIAGNOSTIC),
                        PointSpec.state("scanning", ValueSpec.ON_OFF).withCategory(Category.DIAGNOSTIC)),
                List.of(),
                List.of(),
                "in_range",
                details);
    }

    private static void sweep(DeviceContext context, Neighbours around) {
        long millis = context.clock().millis();
        around.sweep(millis).forEach(context::withdraw);
        context.report("in_range", Quantity.of(around.inRange(millis)));
    }

    @Override
    public void close() {
        opened = null;
        Bus open = bus;
        bus = null;
        neighbours = null;
        children.clear();
        if (open != null) {
            try {
                open.unlisten(setup.path());
            } finally {
                open.close();
            }
        }
    }

    // ---- children, on their lanes

    /**
     * A child begins to listen.
     *
     * @return what was heard of it last; null if nothing was
     * @throws BindingException if another child has the same address
     */
    @Nullable
    Radio attach(BleDevice child, DeviceId id) throws BindingException {
        Neighbours around = neighbours;
        DeviceContext context = opened;
        if (around == null || context == null) {
            throw new BindingException("the adapter is closed");
        }
        BleDevice other = children.putIfAbsent(child.address(), child);
        if (other != null && other != child) {
            throw BindingException.permanent(child.address() + " is another device's address already");
        }
        List<DeviceId> withdrawn = new ArrayList<>();
        Radio known = around.own(child.address(), id, withdrawn);
        withdrawn.forEach(context::withdraw);
        return known;
    }

    void detach(BleDevice child) {
        Neighbours around = neighbours;
        if (children.remove(child.address(), child) && around != null) {
            around.disown(child.address());
        }
    }

    // ---- the bus's thread

    private final class Listener implements BusListener {
        private final DeviceContext context;
        private final Neighbours around;

        Listener(DeviceContext context, Neighbours around) {
            this.context = context;
            this.around = around;
        }

        @Override
        public void onChanged(String path, String type, Map<String, Object> properties) {
            if (path.equals(setup.path()) && type.equals(Bus.ADAPTER)) {
                adapterChanged(properties);
            } else {
                onAdded(path, Map.of(type, properties));
            }
        }

        private void adapterChanged(Map<String, Object> properties) {
            if (properties.get("Powered") instanceof Boolean powered && !powered) {
                context.report("powered", Bool.OFF);
                context.lost(setup.adapter() + " was switched off");
            }
            if (properties.get("Discovering") instanceof Boolean scanning) {
                context.report("scanning", Bool.of(scanning));
                if (!scanning) {
                    // Ended by a suspend or a reset of the radio; who switched it off is told above.
                    context.after(LISTEN_AGAIN, () -> listenAgain());
                }
            }
        }

        private void listenAgain() throws BindingException, InterruptedException {
            Bus open = bus;
            if (open != null) {
                open.listen(setup.path());
            }
        }

        @Override
        public void onAdded(String path, Map<String, Map<String, Object>> interfaces) {
            String address = address(path);
            if (address != null) {
                changed(address, interfaces);
            }
        }

        /** Of the time before: noted, and told to those who ask; children ask when they open. */
        void onKnown(String path, Map<String, Map<String, Object>> interfaces) {
            String address = address(path);
            Map<String, Object> device = interfaces.getOrDefault(Bus.DEVICE, Map.of());
            if (address == null) {
                return;
            }
            Radio radio = Radio.of(device);
            if (radio.rssi() == null) {
                around.know(address, device, radio); // bluetoothd forgets the signal of all when a discovery ends
            } else {
                note(address, device, radio);
            }
        }

        private void changed(String address, Map<String, Map<String, Object>> interfaces) {
            BleDevice child = children.get(address);
            Map<String, Object> device = interfaces.get(Bus.DEVICE);
            if (device != null) {
                Radio radio = Radio.of(device);
                note(address, device, radio);
                if (child != null && radio.isHeard()) {
                    child.hear(radio, BleDevice.When.NOW);
                }
            }
            Map<String, Object> battery = interfaces.get(Bus.BATTERY);
            if (child != null && battery != null && battery.get("Percentage") instanceof Integer percent) {
                child.battery(percent & 0xFF);
            }
        }

        private void note(String address, Map<String, Object> device, Radio radio) {
            Candidate candidate =
                    around.hear(address, device, radio, context.clock().millis());
            if (candidate != null) {
                context.offer(candidate);
            }
        }

        @Override
        public void onRemoved(String path, List<String> interfaces) {
            if (path.equals(setup.path()) && interfaces.contains(Bus.ADAPTER)) {
                context.lost(setup.adapter() + " is gone: was the dongle pulled?");
            }
        }

        @Override
        public void onLost(String reason) {
            context.lost(reason);
        }

        /** Of {@code /org/bluez/hci0/dev_A4_C1_38_56_53_84}; null for other objects, and for those within a device. */
        private @Nullable String address(String path) {
            String begin = setup.path() + DEVICE;
            if (!path.startsWith(begin)) {
                return null;
            }
            String address = path.substring(begin.length()).replace('_', ':');
            return Address.is(address) ? address : null;
        }
    }
}
