/** Devices without a machine. Copy this bundle to begin a binding. */
@NullMarked
package org.fieldhouse.binding.virtual;

import org.jspecify.annotations.NullMarked;
