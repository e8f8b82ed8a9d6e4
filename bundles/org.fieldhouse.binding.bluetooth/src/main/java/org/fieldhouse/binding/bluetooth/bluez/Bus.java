package org.fieldhouse.binding.bluetooth.bluez;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.interfaces.DBusSigHandler;
import org.freedesktop.dbus.interfaces.ObjectManager;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRule;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of our own to the message bus, and what is asked of bluetoothd over it. Calls block until they are answered, no
 * longer than the answer time. The names are those of BlueZ's doc/org.bluez.Adapter.rst and org.bluez.Device.rst.
 */
public final class Bus implements AutoCloseable {
    public static final String ADAPTER = "org.bluez.Adapter1";
    public static final String DEVICE = "org.bluez.Device1";
    public static final String BATTERY = "org.bluez.Battery1";

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final String BLUEZ = "org.bluez";
    private static final String OBJECTS = "/org/bluez";
    private static final String BUS = "org.freedesktop.DBus";
    private static final String INSTALL = "bluetoothd does not run: `apt install bluez`, `systemctl start bluetooth`";

    /** For how long the library tries to connect; trying again is the runtime's. */
    private static final int RETRY_MILLIS = 500;

    private final DBusConnection connection;
    private final BusListener listener;
    private final String owner;
    private volatile boolean closed;

    private Bus(DBusConnection connection, BusListener listener) throws BindingException, InterruptedException {
        this.connection = connection;
        this.listener = listener;
        this.owner = ask("the bus", () -> {
            DBus bus = connection.getRemoteObject(BUS, "/org/freedesktop/DBus", DBus.class);
            return bus.NameHasOwner(BLUEZ) ? bus.GetNameOwner(BLUEZ) : "";
        });
        if (owner.isEmpty()) {
            throw new BindingException(INSTALL);
        }
    }

    /**
     * Connects, and finds bluetoothd.
     *
     * @param address of the bus, as in {@code unix:path=/run/dbus/system_bus_socket}
     * @param answer how long a call may take
     * @throws BindingException with the cure, if the bus or bluetoothd is not there
     */
    public static Bus open(String address, Duration answer, BusListener listener)
            throws BindingException, InterruptedException {
        MethodCall.setDefaultTimeout(answer.toMillis());
        DBusConnection connection;
        try {
            connection = DBusConnectionBuilder.forAddress(address)
                    .withShared(false)
                    .receivingThreadConfig()
                    .withSignalThreadCount(1) // one after the other, in order
                    .withMethodCallThreadCount(1)
                    .withMethodReturnThreadCount(1)
                    .withErrorHandlerThreadCount(1)
                    .connectionConfig()
                    .transportConfig()
                    .withServiceLoaderClassLoader(Bus.class.getClassLoader())
                    .withTimeout(RETRY_MILLIS)
                    .back()
                    .build();
        } catch (DBusException | RuntimeException e) {
            throw new BindingException(
                    "no message bus at " + address + " (" + reason(e) + "): does dbus run, may this user use it?", e);
        }
        try {
            Bus bus = new Bus(connection, listener);
            bus.watch();
            return bus;
        } catch (BindingException | InterruptedException | RuntimeException e) {
            connection.disconnect();
            throw e;
        }
    }

    private void watch() throws BindingException, InterruptedException {
        connection.setDisconnectCallback(new IDisconnectCallback() {
            @Override
            public void disconnectOnError(@Nullable IOException e) {
                lost("the message bus has closed the connection: does dbus run?");
            }
        });
        ask("the bus", () -> {
            // By its unique name: nobody else on the bus can speak for bluetoothd, and its next start is a new one.
            on(Properties.PropertiesChanged.class, owner, OBJECTS, signal -> {
                listener.onChanged(
                        signal.getPath(), signal.getInterfaceName(), Plain.properties(signal.getPropertiesChanged()));
            });
            on(
                    ObjectManager.InterfacesAdded.class,
                    owner,
                    null,
                    signal -> listener.onAdded(
                            signal.getSignalSource().getPath(), Plain.interfaces(signal.getInterfaces())));
            on(
                    ObjectManager.InterfacesRemoved.class,
                    owner,
                    null,
                    signal -> listener.onRemoved(signal.getSignalSource().getPath(), signal.getInterfaces()));
            on(DBus.NameOwnerChanged.class, BUS, null, signal -> {
                if (signal.name.equals(BLUEZ)) {
                    lost("bluetoothd has stopped: `systemctl status bluetooth` says why");
                }
            });
            return true;
        });
    }

    private <T extends DBusSignal> void on(
            Class<T> type, String sender, @Nullable String under, DBusSigHandler<T> handler) throws DBusException {
        DBusMatchRuleBuilder rule = DBusMatchRuleBuilder.create().withType(type).withSender(sender);
        DBusMatchRule built = (under == null ? rule : rule.withPathNamespace(under)).build();
        connection.addSigHandler(built, (DBusSigHandler<T>) signal -> {
            if (closed) {
                return;
            }
            try {
                handler.handle(signal);
            } catch (RuntimeException e) {
                LOG.error("cannot handle {}", signal, e);
            }
        });
    }

    private void lost(String reason) {
        if (!closed) {
            listener.onLost(reason);
        }
    }

    /** All objects of bluetoothd, by path, then by interface. */
    public Map<String, Map<String, Map<String, Object>>> objects() throws BindingException, InterruptedException {
        return ask("bluetoothd", () -> {
            Map<String, Map<String, Map<String, Object>>> out = new LinkedHashMap<>();
            remote("/", ObjectManager.class)
                    .GetManagedObjects()
                    .forEach((path, interfaces) -> out.put(path.getPath(), Plain.interfaces(interfaces)));
            return out;
        });
    }

    /** Switches an adapter on. */
    public void power(String path) throws BindingException, InterruptedException {
        ask("bluetoothd", () -> {
            remote(path, Properties.class).Set(ADAPTER, "Powered", true);
            return true;
        });
    }

    /**
     * Begins to listen to all that advertise over LE, and asks to be told of each advertisement, also of one that repeats another:
     * org.bluez.Adapter, SetDiscoveryFilter, {@code DuplicateData}.
     */
    public void listen(String path) throws BindingException, InterruptedException {
        ask("bluetoothd", () -> {
            Adapter1 adapter = remote(path, Adapter1.class);
            adapter.SetDiscoveryFilter(Map.of("Transport", new Variant<>("le"), "DuplicateData", new Variant<>(true)));
            try {
                adapter.StartDiscovery();
            } catch (DBusExecutionException e) {
                if (!"org.bluez.Error.InProgress".equals(e.getType())) {
                    throw e;
                }
            }
            return true;
        });
    }

    /** Ends it; bluetoothd does so by itself when the connection ends, only later. */
    public void unlisten(String path) {
        try {
            ask("bluetoothd", () -> {
                remote(path, Adapter1.class).StopDiscovery();
                return true;
            });
        } catch (BindingException e) {
            LOG.debug("discovery was not stopped: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T extends DBusInterface> T remote(String path, Class<T> type) throws DBusException {
        return connection.getRemoteObject(owner, path, type);
    }

    /** A call over the bus. */
    private interface Call<T> {
        T make() throws DBusException;
    }

    private static <T> T ask(String whom, Call<T> call) throws BindingException, InterruptedException {
        try {
            return call.make();
        } catch (DBusException | DBusExecutionException e) {
            // The library keeps the interruption in the thread, and says that there was no answer.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new BindingException(whom + ": " + reason(e), e);
        }
    }

    /** What a D-Bus error means, with what to do. */
    private static String reason(Exception e) {
        String type = e instanceof DBusExecutionException failed ? String.valueOf(failed.getType()) : "";
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return switch (type) {
            case "org.freedesktop.DBus.Error.AccessDenied" ->
                "access denied: `adduser USER bluetooth` for the user of the house";
            case "org.bluez.Error.Blocked" -> "the radio is blocked: `rfkill unblock bluetooth`";
            case "org.bluez.Error.NotReady" -> "the adapter is switched off";
            case "org.freedesktop.DBus.Error.NoReply" -> "no answer";
            default -> said;
        };
    }

    @Override
    public void close() {
        closed = true;
        connection.disconnect();
    }
}
