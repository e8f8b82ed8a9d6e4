/** From wire values to the house's values and back; pure. */
@NullMarked
package org.fieldhouse.binding.mqtt.codec;

import org.jspecify.annotations.NullMarked;
