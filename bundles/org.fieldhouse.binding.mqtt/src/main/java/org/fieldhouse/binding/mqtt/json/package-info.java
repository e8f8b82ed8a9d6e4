/** JSON as plain Java values: read, written, pointed into. */
@NullMarked
package org.fieldhouse.binding.mqtt.json;

import org.jspecify.annotations.NullMarked;
