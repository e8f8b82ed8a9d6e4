/** The way to bluetoothd: D-Bus, and nothing of Bluetooth itself. */
@NullMarked
package org.fieldhouse.binding.bluetooth.bluez;

import org.jspecify.annotations.NullMarked;
