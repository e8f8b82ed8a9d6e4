package org.fieldhouse.binding.bluetooth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.bluetooth.codec.Advertisement;
import org.fieldhouse.binding.bluetooth.codec.AdvertisementCodec;
import org.fieldhouse.binding.bluetooth.codec.Decoded;
import org.fieldhouse.binding.bluetooth.codec.Happening;
import org.fieldhouse.binding.bluetooth.codec.Reading;
import org.jspecify.annotations.Nullable;

/**
 * A device that advertises: a sensor, whose readings are its points, or a tag, whose presence is. Its monitor guards all of it between
 * the bus, which brings advertisements, and the lane.
 */
final class BleDevice implements Swappable {
    /** dBm: from the quietest that a radio hears to the loudest that it is allowed to say; Core Specification, Vol 4, Part E, 7.7.65.2. */
    private static final PointSpec RSSI = PointSpec.measurement("rssi", ValueSpec.quantity(Units.of("dBm"), -127, 20))
            .withCategory(Category.DIAGNOSTIC);

    private static final PointSpec PRESENCE = PointSpec.state("presence", ValueSpec.bool("away", "home"));
    private static final PointSpec BATTERY = PointSpec.measurement("battery", ValueSpec.quantity(Units.PERCENT, 0, 100))
            .withCategory(Category.DIAGNOSTIC);

    /** Between two reports of the signal, which changes with each advertisement. */
    private static final long RSSI_MILLIS = 10_000;
    /** A packet that is heard again after so long a silence is said again: a device without packet numbers, pressed twice. */
    private static final long REPEAT_MILLIS = 4_000;
    /** bthome-ble, which all of Home Assistant's users use: a number not ahead by less than this is an old packet. */
    private static final int PACKETS_AHEAD = 64;
    /** A counter below this is of a device that began anew, for it has a new battery; bthome-ble does so too. */
    private static final long COUNTER_ANEW = 100;
    /** What a device can have; what is beyond is garbage, or meant to do harm. */
    private static final int MOST_POINTS = 100;
    /** Advertisements that wait for the next version; some seconds of a device in a hurry. */
    private static final int MOST_HELD = 64;

    /**
     * What the owner wrote.
     *
     * @param address of the device
     * @param tag whether its presence counts, or its readings
     * @param key bind key, 16 bytes; null for none
     * @param silence after which it counts as away or offline
     * @param evenByTrigger whether silence counts for a device too that speaks only when something happens
     */
    record Setup(String address, boolean tag, byte @Nullable [] key, Duration silence, boolean evenByTrigger) {}

    private final Setup setup;
    private final Map<String, PointSpec> points = new LinkedHashMap<>();
    private final Map<String, EventSpec> events = new LinkedHashMap<>();
    private final Map<String, String> details = new LinkedHashMap<>();
    private @Nullable DeviceContext context;
    private @Nullable AdapterDevice adapter;
    private Status told = Status.ONLINE;
    private Advertisement last = new Advertisement(Map.of(), Map.of());
    private long heardMillis;
    private long rssiMillis;
    private boolean byTrigger;
    private boolean silent = true;
    private int packet = -1;
    private long packetMillis;
    private long counter = -1;
    private boolean leaving;
    /** What came since {@link #quiesce}. */
    private final List<Advertisement> held = new ArrayList<>();

    BleDevice(Setup setup) {
        this.setup = setup;
    }

    String address() {
        return setup.address();
    }

    @Override
    public void open(DeviceContext newContext) throws BindingException {
        start(newContext, null);
    }

    private void start(DeviceContext newContext, @Nullable Memory memory) throws BindingException {
        AdapterDevice through = newContext.bridge(AdapterDevice.class);
        List<Advertisement> waiting = memory == null ? List.of() : memory.held();
        synchronized (this) {
            clear();
            if (memory != null) {
                remember(memory, newContext.clock().millis());
            }
            points.putIfAbsent(RSSI.name(), RSSI);
            if (setup.tag()) {
                points.putIfAbsent(PRESENCE.name(), PRESENCE);
            }
            context = newContext;
            adapter = through;
            describe(newContext);
            if (!setup.tag() && silent) {
                tell(Status.offline("it has not been heard yet: is it near the adapter, has it a battery?"));
            }
            decode(last).forEach(this::tellIfLocked);
        }
        waiting.forEach(each -> hear(new Radio(null, each, ""), When.NOW));
        Radio known = through.attach(this, newContext.id());
        if (known != null) {
            hear(known, memory == null ? When.BEFORE : When.MEANWHILE);
        }
        synchronized (this) {
            if (setup.tag()) {
                newContext.report(PRESENCE.name(), Bool.of(!silent));
            }
        }
        Duration look = setup.silence().dividedBy(4);
        newContext.every(look.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : look, this::look);
    }

    private void clear() {
        points.clear();
        events.clear();
        details.clear();
        details.put("address", setup.address());
        told = Status.ONLINE;
        last = new Advertisement(Map.of(), Map.of());
        heardMillis = 0;
        rssiMillis = 0;
        byTrigger = false;
        silent = true;
        packet = -1;
        packetMillis = 0;
        counter = -1;
        leaving = false;
        held.clear();
    }

    private void remember(Memory memory, long nowMillis) {
        memory.description().points().forEach(point -> points.put(point.name(), point));
        memory.description().events().forEach(event -> events.put(event.name(), event));
        details.putAll(memory.description().details());
        heardMillis = memory.heardMillis();
        byTrigger = memory.byTrigger();
        packet = memory.packet();
        packetMillis = memory.packetMillis();
        counter = memory.counter();
        last = memory.last();
        silent = heardMillis == 0
                || !isForgiven() && nowMillis - heardMillis >= setup.silence().toMillis();
    }

    /** Whether its silence means nothing. */
    private boolean isForgiven() {
        return byTrigger && !setup.evenByTrigger() && !setup.tag();
    }

    @Override
    public void close() {
        AdapterDevice through;
        synchronized (this) {
            through = adapter;
            adapter = null;
            context = null;
        }
        if (through != null) {
            through.detach(this);
        }
    }

    // ---- the bus's thread, and the lane at the opening

    /** When something was heard that is told now. */
    enum When {
        NOW,
        /** Before this opening, and nobody knows what was before it: nothing can be said to have happened. */
        BEFORE,
        /** While the binding was replaced. */
        MEANWHILE
    }

    /** It was heard. */
    synchronized void hear(Radio radio, When when) {
        DeviceContext now = context;
        if (now == null) {
            return;
        }
        if (leaving) {
            if (held.size() < MOST_HELD && !radio.advertisement().isEmpty()) {
                held.add(radio.advertisement());
            }
            return;
        }
        if (!radio.odd().isEmpty()) {
            now.malformed("from bluetoothd: " + radio.odd());
        }
        long millis = now.clock().millis();
        Integer rssi = radio.rssi();
        boolean live = when == When.NOW || rssi != null;
        if (!live && when == When.BEFORE) {
            return; // bluetoothd remembers it, and nobody knows since when
        }
        boolean back = silent;
        boolean pause = millis - heardMillis >= REPEAT_MILLIS;
        if (live) {
            heardMillis = millis;
            silence(now, false);
        }
        if (rssi != null && (back || millis - rssiMillis >= RSSI_MILLIS)) {
            rssiMillis = millis;
            now.report(RSSI.name(), new Quantity(Math.max(-127, Math.min(20, rssi)), Units.of("dBm")));
        }
        Advertisement heard = radio.advertisement();
        boolean again = heard.isWithin(last);
        if (!heard.isEmpty() && !(again && !back && (!pause || when == When.MEANWHILE))) {
            last = heard.over(last);
            for (Decoded decoded : decode(heard)) {
                tellIfLocked(decoded);
                if (decoded instanceof Decoded.Heard said) {
                    take(now, said, again, back, when, millis);
                } else if (decoded instanceof Decoded.Corrupt corrupt) {
                    now.malformed(corrupt.format() + ": " + corrupt.reason());
                }
            }
        }
        if (!silent && told.condition() == Status.Condition.OFFLINE) {
            tell(Status.ONLINE);
        }
    }

    private List<Decoded> decode(Advertisement advertisement) {
        return AdvertisementCodec.decode(advertisement, Address.bytes(setup.address()), setup.key());
    }

    private void tellIfLocked(Decoded decoded) {
        if (decoded instanceof Decoded.Locked locked) {
            tell(Status.fault(locked.format() + ": " + locked.reason()));
        }
    }

    private void take(DeviceContext now, Decoded.Heard said, boolean again, boolean back, When when, long millis) {
        if (!said.left().isEmpty() && !again) {
            now.malformed(said.format() + ": " + said.left());
        }
        if (said.counter() >= COUNTER_ANEW && said.counter() <= counter && !again) {
            now.malformed(
                    said.format() + ": counter " + said.counter() + " after " + counter
                            + ": somebody repeats old packets, or it began anew; in that case disable the device and enable it");
            return;
        }
        boolean old = isOld(said, again, millis);
        if (said.packet() >= 0 && !old) {
            packet = said.packet();
            packetMillis = millis;
        }
        if (said.counter() >= 0) {
            counter = said.counter();
        }
        byTrigger = said.byTrigger();
        tell(Status.ONLINE);
        learn(now, said);
        if (!old || back) {
            report(now, said.readings());
        }
        if (!old && when != When.BEFORE) {
            for (Happening happening : said.happenings()) {
                if (!now.signal(happening.event(), happening.arguments())) {
                    now.malformed(happening.event() + " was not taken: too many events wait");
                }
            }
        }
    }

    private static void report(DeviceContext now, List<Reading> readings) {
        for (Reading reading : readings) {
            Value value = reading.value();
            if (value == null) {
                now.reportBad(reading.point().name(), "the device says that it could not measure");
            } else {
                now.report(reading.point().name(), value);
            }
        }
    }

    /** Whether the packet was there before: the same again, or one that was late. */
    private boolean isOld(Decoded.Heard said, boolean again, long millis) {
        boolean numbered = said.packet() >= 0 || said.counter() >= 0;
        if (again) {
            return numbered;
        }
        if (said.packet() < 0 || said.packet() > 0xFF || packet < 0 || millis - packetMillis > REPEAT_MILLIS) {
            return false;
        }
        int ahead = (said.packet() - packet) & 0xFF;
        return ahead == 0 || ahead >= PACKETS_AHEAD;
    }

    private void learn(DeviceContext now, Decoded.Heard said) {
        boolean more = false;
        for (Reading reading : said.readings()) {
            more |= points.size() < MOST_POINTS
                    && points.putIfAbsent(reading.point().name(), reading.point()) == null;
        }
        for (EventSpec event : said.events()) {
            more |= events.putIfAbsent(event.name(), event) == null;
        }
        more |= !said.format().equals(details.put("format", said.format()));
        for (Map.Entry<String, String> detail : said.details().entrySet()) {
            more |= !detail.getValue().equals(details.put(detail.getKey(), detail.getValue()));
        }
        if (more) {
            describe(now);
        }
    }

    /** Battery level of a connected device, as org.bluez.Battery1 has it. */
    synchronized void battery(int percent) {
        DeviceContext now = context;
        if (now == null || percent < 0 || percent > 100) {
            return;
        }
        if (points.putIfAbsent(BATTERY.name(), BATTERY) == null) {
            describe(now);
        }
        now.report(BATTERY.name(), new Quantity(percent, Units.PERCENT));
    }

    private void describe(DeviceContext now) {
        List<PointSpec> ordered = new ArrayList<>(points.values());
        ordered.remove(RSSI);
        ordered.add(RSSI); // last: it is of the least interest, and not what a rule means by the device's name
        now.describe(new DeviceDescription(
                setup.tag() ? "tag" : events.isEmpty() ? "sensor" : "button",
                ordered,
                List.of(),
                List.copyOf(events.values()),
                ordered.get(0).name(),
                details));
    }

    // ---- silence

    private synchronized void look() {
        DeviceContext now = context;
        if (now == null || silent || isForgiven()) {
            return;
        }
        if (now.clock().millis() - heardMillis >= setup.silence().toMillis()) {
            silence(now, true);
        }
    }

    private void silence(DeviceContext now, boolean silentNow) {
        if (silent == silentNow) {
            return;
        }
        silent = silentNow;
        if (setup.tag()) {
            now.report(PRESENCE.name(), Bool.of(!silentNow));
        } else if (silentNow) {
            tell(Status.offline("nothing was heard for " + setup.silence().toSeconds()
                    + " s: it is out of reach, or its battery is empty"));
        }
    }

    private void tell(Status status) {
        DeviceContext now = context;
        if (now != null && !status.equals(told)) {
            told = status;
            now.status(status);
        }
    }

    // ---- update

    @Override
    public synchronized void quiesce() {
        leaving = true;
    }

    @Override
    public HandOver handOver() {
        Memory memory;
        synchronized (this) {
            memory = new Memory(
                    new DeviceDescription(
                            "ble",
                            List.copyOf(points.values()),
                            List.of(),
                            List.copyOf(events.values()),
                            null,
                            details),
                    heardMillis,
                    byTrigger,
                    packet,
                    packetMillis,
                    counter,
                    last,
                    held);
        }
        close();
        return new HandOver(Memory.FORMAT, memory.encode());
    }

    @Override
    public boolean takeOver(DeviceContext newContext, HandOver left) throws BindingException {
        Memory memory = left.version() == Memory.FORMAT ? Memory.decode(left.state()) : null;
        if (memory == null) {
            return false;
        }
        start(newContext, memory);
        return true;
    }
}
