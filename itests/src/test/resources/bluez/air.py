# What is on the air, for python-dbusmock's bluetoothd: `air.py ADDRESS-OF-THE-BUS`, then a command in each line of standard input.
#   plug hci0
#   appear hci0 54:48:E6:8F:80:A5 NAME
#   bthome hci0 54:48:E6:8F:80:A5 4002CA09
# Each is answered with a line `ok`.
import sys

import dbus
import dbus.bus

BTHOME = '0000fcd2-0000-1000-8000-00805f9b34fb'

bus = dbus.bus.BusConnection(sys.argv[1])


def bthome(adapter, address, digits):
    path = '/org/bluez/' + adapter + '/dev_' + address.replace(':', '_')
    data = dbus.Array(bytes.fromhex(digits), signature='y', variant_level=1)
    changed = dbus.Dictionary({
        'RSSI': dbus.Int16(-60, variant_level=1),
        'ServiceData': dbus.Dictionary({BTHOME: data}, signature='sv', variant_level=1),
    }, signature='sv', variant_level=1)
    bus.get_object('org.bluez', path).EmitSignal(
        'org.freedesktop.DBus.Properties', 'PropertiesChanged', 'sa{sv}as',
        dbus.Array([dbus.String('org.bluez.Device1', variant_level=1), changed,
                    dbus.Array([], signature='s', variant_level=1)], signature='v'),
        dbus_interface='org.freedesktop.DBus.Mock')


for line in sys.stdin:
    command, *words = line.split()
    mock = dbus.Interface(bus.get_object('org.bluez', '/'), 'org.bluez.Mock')
    if command == 'plug':
        mock.AddAdapter(words[0], 'test')
    elif command == 'appear':
        mock.AddDevice(*words)
    elif command == 'bthome':
        bthome(*words)
    print('ok', flush=True)
