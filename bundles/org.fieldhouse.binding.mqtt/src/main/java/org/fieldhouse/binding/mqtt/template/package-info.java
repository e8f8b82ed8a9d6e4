/** The safe subset of Jinja that discovery messages use. */
@NullMarked
package org.fieldhouse.binding.mqtt.template;

import org.jspecify.annotations.NullMarked;
