/** An MQTT broker within the runtime, on loopback. */
@NullMarked
package org.fieldhouse.broker;

import org.jspecify.annotations.NullMarked;
