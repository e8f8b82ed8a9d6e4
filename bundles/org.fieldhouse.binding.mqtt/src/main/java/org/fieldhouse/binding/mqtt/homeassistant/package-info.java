/** Devices that announce themselves by Home Assistant discovery. */
@NullMarked
package org.fieldhouse.binding.mqtt.homeassistant;

import org.jspecify.annotations.NullMarked;
