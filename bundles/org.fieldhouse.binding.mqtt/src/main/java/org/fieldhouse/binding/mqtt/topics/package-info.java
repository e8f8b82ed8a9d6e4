/** Devices described point by point in YAML. */
@NullMarked
package org.fieldhouse.binding.mqtt.topics;

import org.jspecify.annotations.NullMarked;
