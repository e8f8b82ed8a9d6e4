/** The device host: lanes, openings, hot swap of bindings, discovery, the model of the house. */
@NullMarked
package org.fieldhouse.runtime.host;

import org.jspecify.annotations.NullMarked;
