/** The MQTT binding: brokers, and the ways in and out through them. */
@NullMarked
package org.fieldhouse.binding.mqtt;

import org.jspecify.annotations.NullMarked;
