/** Benchmarks that need a part of the bus without the rest. */
@NullMarked
package org.fieldhouse.runtime.bus;

import org.jspecify.annotations.NullMarked;
