package org.fieldhouse.binding.bluetooth;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the bundle; those of a device are in {@code devices/*.yaml}. */
@ObjectClassDefinition(name = "Bluetooth binding", description = "What is the same for all adapters")
public @interface BluetoothConfig {
    @AttributeDefinition(
            name = "Bus",
            description = "D-Bus address of the message bus that bluetoothd is on; only unix sockets.")
    String busAddress() default "unix:path=/run/dbus/system_bus_socket";

    @AttributeDefinition(
            name = "Answer time",
            description = "Seconds that bluetoothd has for an answer, 1 to 60.",
            min = "1",
            max = "60")
    int answerSeconds() default 10;

    @AttributeDefinition(
            name = "Candidates",
            description = "Number of devices that one adapter may offer; what is beyond is not shown; 1 to 10000.",
            min = "1",
            max = "10000")
    int candidates() default 200;
}
