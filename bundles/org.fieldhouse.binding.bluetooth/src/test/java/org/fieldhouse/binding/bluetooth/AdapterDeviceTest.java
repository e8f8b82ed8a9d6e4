package org.fieldhouse.binding.bluetooth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.testkit.FakeClock;
import org.fieldhouse.testkit.FakeContext;
import org.fieldhouse.testkit.FakeContext.Signal;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Adapter, sensors and tags over a message bus, with python-dbusmock's bluetoothd. */
@Timeout(60)
class AdapterDeviceTest {
    private static final String SENSOR = "54:48:E6:8F:80:A5";
    private static final String TAG = "C4:00:00:00:00:01";
    private static final String HCI0 = "/org/bluez/hci0";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private final List<Runnable> ends = new ArrayList<>();
    private Bluez bluez;
    private BluetoothBinding binding;
    private Device adapter;
    private FakeContext house;

    @BeforeEach
    void start() throws Exception {
        bluez = new Bluez(folder);
        bluez.plug("hci0");
        bluez.appear("hci0", SENSOR, "ATC_8F80A5");
        binding = new BluetoothBinding(bluez.address, Duration.ofSeconds(5), 10);
        adapter = create("adapter", Map.of());
        open();
    }

    @AfterEach
    void stop() throws Exception {
        ends.forEach(Runnable::run);
        shut();
        bluez.close();
    }

    private void open() throws Exception {
        house = new FakeContext(DeviceId.of("hci"), clock, null);
        adapter.open(house);
    }

    private void shut() {
        adapter.close();
        house.close();
    }

    private Device create(String type, Map<String, Object> settings) throws Exception {
        return binding.create(new DeviceConfig(DeviceId.of(type), type, type, null, Settings.of(settings)));
    }

    private FakeContext child(String type, Map<String, Object> settings) throws Exception {
        Device device = create(type, settings);
        FakeContext context = new FakeContext(DeviceId.of(type), clock, adapter);
        device.open(context);
        ends.add(() -> {
            device.close();
            context.close();
        });
        return context;
    }

    private static Signal pressed(int button) {
        return new Signal("pressed", Map.of("button", Quantity.of(button)));
    }

    private static void seen(FakeContext context, String point, Value value) {
        await().untilAsserted(() -> assertThat(context.last(point)).contains(value));
    }

    private void tick(Duration by) throws Exception {
        house.advance(by);
    }

    // ---- what is heard

    @Test
    void asksForLowEnergyAndForEachAdvertisement() throws Exception {
        assertThat(bluez.get(HCI0, "org.bluez.Adapter1", "DiscoveryFilter"))
                .asString()
                .contains("Transport")
                .contains("le")
                .contains("DuplicateData")
                .contains("true");
        assertThat(house.last("powered")).contains(Bool.ON);
        seen(house, "scanning", Bool.ON);
        assertThat(house.last("in_range")).contains(Quantity.of(1));
        assertThat(house.description().details()).containsEntry("address", "00:01:02:03:04:05");
        shut();
        assertThat(bluez.get(HCI0, "org.bluez.Adapter1", "Discovering")).isEqualTo(false);
        open();
    }

    @Test
    void aSensorsReadingsAreItsPoints() throws Exception {
        FakeContext sensor = child("sensor", Map.of("address", SENSOR.toLowerCase(Locale.ROOT)));
        seen(sensor, "rssi", Quantity.of(-79, "dBm"));
        bluez.bthome(SENSOR, "40000102ca0903bf13");
        seen(sensor, "humidity", Quantity.of(50.55, "%"));
        assertThat(sensor.last("temperature")).contains(Quantity.of(25.06, "°C"));
        assertThat(sensor.unfit()).isEmpty();
        assertThat(sensor.description().mainPoint()).isEqualTo("temperature");
        assertThat(sensor.description().details()).containsEntry("format", "BTHome v2");
        assertThat(sensor.malformed()).isEmpty();
    }

    @Test
    void aPacketThatIsRepeatedIsTakenOnce() throws Exception {
        FakeContext button = child("sensor", Map.of("address", SENSOR));
        for (int i = 0; i < 5; i++) {
            bluez.bthome(SENSOR, "4400073a01");
        }
        bluez.bthome(SENSOR, "4400083a003a01");
        bluez.bthome(SENSOR, "4400063a01"); // late
        bluez.bthome(SENSOR, "440009015d3a00");
        seen(button, "battery", Quantity.of(93, "%"));
        assertThat(button.signals()).containsExactly(pressed(1), pressed(2));
        assertThat(button.description().events()).extracting(EventSpec::name).contains("double_pressed", "held");
    }

    @Test
    void withoutNumbersAPauseTellsTwoPressesApart() throws Exception {
        FakeContext button = child("sensor", Map.of("address", SENSOR));
        bluez.bthome(SENSOR, "443a01");
        bluez.bthome(SENSOR, "443a01");
        await().until(() -> button.signals().size() == 1);
        bluez.rssi(SENSOR, -61);
        bluez.bthome(SENSOR, "440162"); // after the others, on the same way
        seen(button, "battery", Quantity.of(98, "%"));
        clock.advance(Duration.ofSeconds(5));
        bluez.bthome(SENSOR, "443a01");
        await().until(() -> button.signals().size() == 2);
        assertThat(button.signals()).containsExactly(pressed(1), pressed(1));
    }

    @Test
    void ofADeviceThatWasPressedLongAgoNothingHasHappened() throws Exception {
        bluez.bthome(SENSOR, "4400073a01016202ca09");
        await().until(() ->
                house.candidates().stream().anyMatch(each -> each.type().equals("sensor")));
        FakeContext button = child("sensor", Map.of("address", SENSOR));
        assertThat(button.last("battery")).contains(Quantity.of(98, "%"));
        bluez.bthome(SENSOR, "4400073a01016202ca09");
        bluez.bthome(SENSOR, "4400083a01016102ca09");
        seen(button, "battery", Quantity.of(97, "%"));
        assertThat(button.signals()).containsExactly(pressed(1));
    }

    @Test
    void whatIsEncryptedNeedsAKey() throws Exception {
        FakeContext locked = child("sensor", Map.of("address", SENSOR));
        bluez.bthome(SENSOR, "41a47266c95f730011223378237214");
        await().until(() -> locked.statuses().stream()
                .anyMatch(status -> status.equals(
                        Status.fault("BTHome v2: its advertisements are encrypted: set 'key' to its bind key"))));
        assertThat(locked.statuses().get(locked.statuses().size() - 1).condition())
                .isEqualTo(Status.Condition.FAULT);
        ends.forEach(Runnable::run);
        ends.clear();
        FakeContext open = child("sensor", Map.of("address", SENSOR, "key", "231d39c1d7cc1ab1aee224cd096db932"));
        seen(open, "temperature", Quantity.of(25.06, "°C"));
        bluez.bthome(SENSOR, "4187b90011223372b0231f"); // the same counter again, with another text
        await().until(() -> !open.malformed().isEmpty());
        assertThat(open.malformed()).singleElement().asString().contains("repeats old packets");
        assertThat(open.last("occupancy")).isEmpty();
    }

    @Test
    void garbageIsCountedAndTheNextIsTaken() throws Exception {
        FakeContext sensor = child("sensor", Map.of("address", SENSOR));
        bluez.bthome(SENSOR, "2002ca09");
        bluez.changed(
                Bluez.path("hci0", SENSOR), "org.bluez.Device1", Map.of("ServiceData", new Variant<>("nonsense")));
        bluez.changed(Bluez.path("hci0", SENSOR), "org.bluez.Device1", Map.of("RSSI", new Variant<>("loud")));
        bluez.bthome(SENSOR, "40");
        bluez.bthome(SENSOR, "4002ca09");
        seen(sensor, "temperature", Quantity.of(25.06, "°C"));
        assertThat(sensor.malformed()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(sensor.lost()).isNull();
        assertThat(house.lost()).isNull();
    }

    @Test
    void aConnectedDevicesBatteryIsItsPoint() throws Exception {
        FakeContext sensor = child("sensor", Map.of("address", SENSOR));
        bluez.changed(Bluez.path("hci0", SENSOR), "org.bluez.Battery1", Map.of("Percentage", new Variant<>((byte) 55)));
        seen(sensor, "battery", Quantity.of(55, "%"));
    }

    // ---- silence and presence

    @Test
    void aSensorThatIsSilentIsOffline() throws Exception {
        FakeContext sensor = child("sensor", Map.of("address", SENSOR, "silence", "1 min"));
        bluez.bthome(SENSOR, "4002ca09");
        seen(sensor, "temperature", Quantity.of(25.06, "°C"));
        sensor.advance(Duration.ofSeconds(80));
        assertThat(last(sensor))
                .isEqualTo(Status.offline("nothing was heard for 60 s: it is out of reach, or its battery is empty"));
        int before = sensor.reports().size();
        bluez.bthome(SENSOR, "4002ca09");
        await().until(() -> last(sensor).isOnline());
        assertThat(sensor.reports()).hasSizeGreaterThan(before); // the same value, and good again
    }

    @Test
    void oneThatSpeaksOnlyWhenSomethingHappensMayBeSilent() throws Exception {
        FakeContext door = child("sensor", Map.of("address", SENSOR));
        bluez.bthome(SENSOR, "4400011a01");
        seen(door, "contact", Bool.ON);
        door.advance(Duration.ofDays(2));
        assertThat(last(door).isOnline()).isTrue();
    }

    @Test
    void aTagIsAtHomeOrAway() throws Exception {
        FakeContext tag = child("tag", Map.of("address", TAG, "silence", "30 s"));
        assertThat(tag.last("presence")).contains(Bool.OFF);
        bluez.appear("hci0", TAG, "Keys");
        seen(tag, "presence", Bool.ON);
        tag.advance(Duration.ofMinutes(1));
        assertThat(tag.last("presence")).contains(Bool.OFF);
        bluez.rssi(TAG, -90);
        seen(tag, "presence", Bool.ON);
        assertThat(tag.statuses()).isEmpty();
    }

    private static Status last(FakeContext context) {
        return context.statuses().get(context.statuses().size() - 1);
    }

    // ---- discovery

    @Test
    void offersWhatItHearsAndTakesBackWhatTheHouseHas() throws Exception {
        bluez.serviceData(SENSOR, Bluez.BTHOME, "4002ca09", -50);
        bluez.appear("hci0", TAG, "Keys");
        await().until(() -> house.candidates().size() == 2);
        await().until(() -> candidate(SENSOR).type().equals("sensor"));
        assertThat(candidate(SENSOR))
                .isEqualTo(new Candidate(
                        DeviceId.of("ble:" + SENSOR),
                        "bluetooth",
                        "sensor",
                        DeviceId.of("hci"),
                        "ATC_8F80A5",
                        "ATC_8F80A5, BTHome v2, " + SENSOR + ", -79 dBm",
                        Map.of("address", SENSOR)));
        assertThat(candidate(TAG).type()).isEqualTo("tag");
        child("sensor", Map.of("address", SENSOR));
        assertThat(house.candidates()).extracting(Candidate::id).containsExactly(DeviceId.of("ble:" + TAG));
        bluez.serviceData(SENSOR, Bluez.BTHOME, "4002cb09", -50);
        tick(Duration.ofMinutes(20));
        await().untilAsserted(() -> assertThat(house.candidates()).isEmpty());
    }

    private Candidate candidate(String address) {
        return house.candidates().stream()
                .filter(each -> each.id().equals(DeviceId.of("ble:" + address)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twoDevicesCannotHaveOneAddress() throws Exception {
        child("sensor", Map.of("address", SENSOR));
        assertThatThrownBy(() -> child("tag", Map.of("address", SENSOR)))
                .isInstanceOfSatisfying(
                        BindingException.class, e -> assertThat(e.isPermanent()).isTrue())
                .hasMessageContaining("another device's address");
    }

    // ---- what can go away

    @Tag("reconnect")
    @Test
    void bluetoothdStopsAndStartsAgain() throws Exception {
        bluez.killMock();
        await().until(() -> house.lost() != null);
        assertThat(house.lost()).contains("bluetoothd has stopped");
        shut();
        assertThatThrownBy(this::open)
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("`systemctl start bluetooth`");
        shut();
        bluez.startMock();
        assertThatThrownBy(this::open).hasMessageContaining("there is none at all: is the dongle plugged in?");
        shut();
        bluez.plug("hci0");
        bluez.appear("hci0", SENSOR, "Sensor");
        open();
        FakeContext sensor = child("sensor", Map.of("address", SENSOR));
        bluez.bthome(SENSOR, "4002ca09");
        seen(sensor, "temperature", Quantity.of(25.06, "°C"));
    }

    @Tag("reconnect")
    @Test
    void theDongleIsPulledAndPutBack() throws Exception {
        bluez.plug("hci1");
        bluez.pull("hci0");
        await().until(() -> house.lost() != null);
        assertThat(house.lost()).contains("is gone");
        shut();
        assertThatThrownBy(this::open)
                .hasMessage("there is no adapter hci0; there is hci1: which one is it ('adapter')?");
        shut();
        bluez.plug("hci0");
        open();
    }

    @Tag("reconnect")
    @Test
    void theBusDies() throws Exception {
        bluez.killBus();
        await().until(() -> house.lost() != null);
        shut();
        assertThatThrownBy(this::open)
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("no message bus at unix:path=");
        shut();
        bluez.startBus();
        bluez.startMock();
        bluez.plug("hci0");
        open();
    }

    @Tag("reconnect")
    @Test
    void anAdapterThatIsSwitchedOffIsSwitchedOnOrSaysHow() throws Exception {
        bluez.set(HCI0, "org.bluez.Adapter1", "Powered", new Variant<>(false));
        await().until(() -> house.lost() != null);
        assertThat(house.lost()).isEqualTo("hci0 was switched off");
        shut();
        adapter = create("adapter", Map.of("power", false));
        assertThatThrownBy(this::open).hasMessageContaining("`bluetoothctl power on`");
        shut();
        adapter = create("adapter", Map.of());
        open();
        assertThat(bluez.get(HCI0, "org.bluez.Adapter1", "Powered")).isEqualTo(true);
    }

    @Test
    void aDiscoveryThatSomebodyEndedBeginsAgain() throws Exception {
        bluez.set(HCI0, "org.bluez.Adapter1", "Discovering", new Variant<>(false));
        seen(house, "scanning", Bool.OFF);
        await().until(() -> house.timers() == 2);
        tick(Duration.ofSeconds(6));
        seen(house, "scanning", Bool.ON);
        assertThat(house.lost()).isNull();
    }

    // ---- update

    @Tag("swap")
    @Test
    void nothingIsLostOrTwiceWhenTheBindingIsReplaced() throws Exception {
        Swappable old = (Swappable) create("sensor", Map.of("address", SENSOR));
        FakeContext before = new FakeContext(DeviceId.of("b"), clock, adapter);
        old.open(before);
        bluez.bthome(SENSOR, "4400073a01016202ca09");
        await().until(() -> before.signals().size() == 1);
        old.quiesce();
        bluez.bthome(SENSOR, "4400083a003a01");
        bluez.bthome(SENSOR, "4400093a02");
        FakeContext marker = child("tag", Map.of("address", TAG));
        bluez.appear("hci0", TAG, "Keys");
        seen(marker, "presence", Bool.ON); // so the two before it are through
        HandOver left = old.handOver();
        before.close();
        assertThat(before.signals()).hasSize(1);
        bluez.bthome(SENSOR, "44000a3a03"); // nobody listens; bluetoothd keeps it
        bluez.bthome(TAG, "400150");
        seen(marker, "battery", Quantity.of(80, "%"));

        Swappable fresh = (Swappable) create("sensor", Map.of("address", SENSOR));
        FakeContext after = new FakeContext(DeviceId.of("b"), clock, adapter);
        assertThat(fresh.takeOver(after, left)).isTrue();
        ends.add(fresh::close);
        assertThat(after.description().points()).extracting("name").contains("temperature", "battery", "rssi");
        assertThat(after.signals())
                .containsExactly(
                        pressed(2),
                        new Signal("double_pressed", Map.of("button", Quantity.of(1))),
                        new Signal("triple_pressed", Map.of("button", Quantity.of(1))));
        bluez.bthome(SENSOR, "44000a3a03");
        bluez.bthome(SENSOR, "44000b016002ca09");
        seen(after, "battery", Quantity.of(96, "%"));
        assertThat(after.signals()).hasSize(3);
        assertThat(after.statuses()).isEmpty();
    }

    /** The connection to the bus is another one after an update; bluetoothd keeps what was said last. */
    @Tag("swap")
    @Test
    void whatWasSaidBetweenTwoConnectionsIsHeard() throws Exception {
        Swappable old = (Swappable) create("sensor", Map.of("address", SENSOR));
        FakeContext before = new FakeContext(DeviceId.of("b"), clock, adapter);
        old.open(before);
        bluez.bthome(SENSOR, "4400073a01016202ca09");
        await().until(() -> before.signals().size() == 1);
        HandOver left = old.handOver();
        before.close();
        shut();
        bluez.remember(SENSOR, "4400083a02016102ca09");
        open();
        assertThat(house.candidates()).isEmpty();
        Swappable fresh = (Swappable) create("sensor", Map.of("address", SENSOR));
        FakeContext after = new FakeContext(DeviceId.of("b"), clock, adapter);
        assertThat(fresh.takeOver(after, left)).isTrue();
        assertThat(after.signals()).containsExactly(new Signal("double_pressed", Map.of("button", Quantity.of(1))));
        assertThat(after.last("battery")).contains(Quantity.of(97, "%"));
        assertThat(after.statuses()).isEmpty();
        fresh.close();
        after.close();
        FakeContext anew = child("sensor", Map.of("address", SENSOR)); // to whom it means nothing: it may be old
        assertThat(anew.last("battery")).isEmpty();
        assertThat(last(anew).condition()).isEqualTo(Status.Condition.OFFLINE);
    }

    @Tag("swap")
    @Test
    void whatALaterVersionLeftIsNotGuessedAt() throws Exception {
        Swappable device = (Swappable) create("sensor", Map.of("address", SENSOR));
        FakeContext context = new FakeContext(DeviceId.of("b"), clock, adapter);
        assertThat(device.takeOver(context, new HandOver(99, new byte[3]))).isFalse();
        assertThat(device.takeOver(context, new HandOver(Memory.FORMAT, new byte[] {1, 2, 3})))
                .isFalse();
        device.open(context);
        device.close();
        context.close();
    }
}
