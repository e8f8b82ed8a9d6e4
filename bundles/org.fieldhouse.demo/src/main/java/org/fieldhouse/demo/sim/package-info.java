/** The simulated machines, their physics, the script of the day, and their Zigbee2MQTT. */
@NullMarked
package org.fieldhouse.demo.sim;

import org.jspecify.annotations.NullMarked;
