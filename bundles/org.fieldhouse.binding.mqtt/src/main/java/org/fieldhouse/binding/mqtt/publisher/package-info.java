/** The house published by Home Assistant discovery. */
@NullMarked
package org.fieldhouse.binding.mqtt.publisher;

import org.jspecify.annotations.NullMarked;
