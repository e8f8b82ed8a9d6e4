package org.fieldhouse.binding.bluetooth;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.Variant;

/**
 * A message bus of the test's own, and python-dbusmock's bluetoothd on it: the peer that none of us wrote. Says what is missing if it
 * is not there.
 */
final class Bluez implements AutoCloseable {
    static final String BTHOME = "0000fcd2-0000-1000-8000-00805f9b34fb";
    private static final String SIGNAL = "org.freedesktop.DBus.Properties";
    /** Where Debian's python3-dbusmock is. */
    private static final String PYTHON = "/usr/bin/python3";

    final String address;
    private final Path folder;
    private final Path socket;
    private Process daemon;
    private Process mock;
    private DBusConnection driver;

    /** The template's own way to be told what happens. */
    @DBusInterfaceName("org.bluez.Mock")
    public interface Template extends DBusInterface {
        String AddAdapter(String device, String name);

        String AddDevice(String adapter, String address, String alias);

        void RemoveAdapterWithDevices(String adapter);
    }

    /** What every object of dbusmock can be told. */
    @DBusInterfaceName("org.freedesktop.DBus.Mock")
    public interface Mocked extends DBusInterface {
        void EmitSignal(String type, String name, String signature, List<Variant<?>> arguments);

        void UpdateProperties(String type, Map<String, Variant<?>> properties);

        void RemoveObject(String path);

        void AddObject(String path, String type, Map<String, Variant<?>> properties, List<Method> methods);
    }

    /** Name, signatures in and out, code. */
    public static final class Method extends Struct {
        @Position(0)
        public final String name;

        @Position(1)
        public final String in;

        @Position(2)
        public final String out;

        @Position(3)
        public final String code;

        public Method(String name, String in, String out, String code) {
            this.name = name;
            this.in = in;
            this.out = out;
            this.code = code;
        }
    }

    Bluez(Path folder) throws Exception {
        this.folder = folder;
        this.socket = folder.resolve("bus");
        this.address = "unix:path=" + socket;
        startBus();
        startMock();
    }

    void startBus() throws Exception {
        Path config = folder.resolve("bus.conf");
        Files.writeString(
                config,
                """
                <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <listen>%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow user="*"/>
                    <allow own="*"/>
                    <allow send_destination="*" eavesdrop="true"/>
                    <allow eavesdrop="true"/>
                  </policy>
                </busconfig>
                """
                        .formatted(address));
        daemon = start(
                "dbus",
                new ProcessBuilder("/usr/bin/dbus-daemon", "--config-file=" + config, "--nofork", "--nopidfile"));
        Awaitility.await("dbus-daemon, of Debian's package dbus")
                .atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(socket));
    }

    void startMock() throws Exception {
        ProcessBuilder python = new ProcessBuilder(PYTHON, "-m", "dbusmock", "--system", "--template", "bluez5");
        python.environment().put("DBUS_SYSTEM_BUS_ADDRESS", address);
        mock = start("bluez", python);
        driver = DBusConnectionBuilder.forAddress(address).withShared(false).build();
        DBus bus = driver.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
        Awaitility.await("python-dbusmock, of Debian's package python3-dbusmock: " + folder.resolve("bluez.log"))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    if (!mock.isAlive()) {
                        throw new IllegalStateException(Files.readString(folder.resolve("bluez.log")));
                    }
                    return bus.NameHasOwner("org.bluez") && isReady();
                });
    }

    private boolean isReady() {
        try {
            driver.getRemoteObject("org.bluez", "/org/bluez", Mocked.class)
                    .EmitSignal("org.fieldhouse.Ready", "Ready", "s", List.of(new Variant<>("?")));
            return true;
        } catch (DBusException | RuntimeException e) {
            return false; // the template is still being loaded
        }
    }

    private Process start(String name, ProcessBuilder process) throws IOException {
        return process.redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), name + ".log"))
                .start();
    }

    // ---- what happens on the air

    private Template template() throws DBusException {
        return driver.getRemoteObject("org.bluez", "/", Template.class);
    }

    private Mocked object(String path) throws DBusException {
        return driver.getRemoteObject("org.bluez", path, Mocked.class);
    }

    static String path(String adapter, String address) {
        return "/org/bluez/" + adapter + "/dev_" + address.replace(':', '_');
    }

    void plug(String adapter) throws DBusException {
        template().AddAdapter(adapter, "test");
    }

    void pull(String adapter) throws DBusException {
        template().RemoveAdapterWithDevices(adapter);
    }

    void appear(String adapter, String address, String name) throws DBusException {
        template().AddDevice(adapter, address, name);
    }

    /** Service data of 16 bytes of UUID and hexadecimal digits, with a signal strength. */
    void serviceData(String address, String uuid, String hex, int rssi) throws DBusException {
        Map<String, Variant<?>> data = new LinkedHashMap<>();
        data.put(uuid, bytes(hex));
        Map<String, Variant<?>> properties = new LinkedHashMap<>();
        properties.put("RSSI", new Variant<>((short) rssi));
        properties.put("ServiceData", new Variant<>(data, "a{sv}"));
        changed(path("hci0", address), "org.bluez.Device1", properties);
    }

    void bthome(String address, String hex) throws DBusException {
        serviceData(address, BTHOME, hex, -60);
    }

    void makerData(String address, int company, String hex, int rssi) throws DBusException {
        Map<UInt16, Variant<?>> data = new LinkedHashMap<>();
        data.put(new UInt16(company), bytes(hex));
        Map<String, Variant<?>> properties = new LinkedHashMap<>();
        properties.put("RSSI", new Variant<>((short) rssi));
        properties.put("ManufacturerData", new Variant<>(data, "a{qv}"));
        changed(path("hci0", address), "org.bluez.Device1", properties);
    }

    void rssi(String address, int rssi) throws DBusException {
        changed(path("hci0", address), "org.bluez.Device1", Map.of("RSSI", new Variant<>((short) rssi)));
    }

    private static Variant<byte[]> bytes(String hex) {
        return new Variant<>(HexFormat.of().parseHex(hex), "ay");
    }

    void changed(String path, String type, Map<String, Variant<?>> properties) throws DBusException {
        object(path)
                .EmitSignal(
                        SIGNAL,
                        "PropertiesChanged",
                        "sa{sv}as",
                        new ArrayList<>(List.of(
                                new Variant<>(type),
                                new Variant<>(properties, "a{sv}"),
                                new Variant<>(List.of(), "as"))));
    }

    /** All that bluetoothd remembers of a device when no discovery goes on: what it said last, and no signal. */
    void remember(String address, String hex) throws DBusException {
        String path = path("hci0", address);
        object("/").RemoveObject(path);
        Map<String, Variant<?>> data = new LinkedHashMap<>();
        data.put(BTHOME, bytes(hex));
        Map<String, Variant<?>> properties = new LinkedHashMap<>();
        properties.put("Address", new Variant<>(address));
        properties.put("AddressType", new Variant<>("public"));
        properties.put("ServiceData", new Variant<>(data, "a{sv}"));
        object("/").AddObject(path, "org.bluez.Device1", properties, List.of());
    }

    /** A property for good, for those who ask. */
    void set(String path, String type, String name, Variant<?> value) throws DBusException {
        object(path).UpdateProperties(type, Map.of(name, value));
    }

    Object get(String path, String type, String name) throws DBusException {
        return driver.getRemoteObject("org.bluez", path, org.freedesktop.dbus.interfaces.Properties.class)
                .Get(type, name);
    }

    // ---- its end

    /** bluetoothd dies. */
    void killMock() throws Exception {
        driver.disconnect();
        mock.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }

    /** The bus dies, and all that is on it. */
    void killBus() throws Exception {
        killMock();
        daemon.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        Files.deleteIfExists(socket);
    }

    @Override
    public void close() throws Exception {
        killBus();
    }
}
