/** Zigbee2MQTT's own API. */
@NullMarked
package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import org.jspecify.annotations.NullMarked;
