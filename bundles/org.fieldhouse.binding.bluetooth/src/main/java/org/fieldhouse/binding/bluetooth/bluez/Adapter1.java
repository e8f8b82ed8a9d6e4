package org.fieldhouse.binding.bluetooth.bluez;

import java.util.Map;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.Variant;

/** The calls of org.bluez.Adapter(5) that are used. Public, since dbus-java makes a proxy of it. */
@DBusInterfaceName("org.bluez.Adapter1")
public interface Adapter1 extends DBusInterface {
    void SetDiscoveryFilter(Map<String, Variant<?>> filter);

    void StartDiscovery();

    void StopDiscovery();
}
