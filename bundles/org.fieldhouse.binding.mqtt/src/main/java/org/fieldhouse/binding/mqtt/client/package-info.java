/** The MQTT client behind a small interface: connections, subscriptions, dispatch by topic. */
@NullMarked
package org.fieldhouse.binding.mqtt.client;

import org.jspecify.annotations.NullMarked;
