/** Bluetooth LE devices that advertise, heard through BlueZ. */
@NullMarked
package org.fieldhouse.binding.bluetooth;

import org.jspecify.annotations.NullMarked;
