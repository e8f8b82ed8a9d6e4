/** The measurements from outside: path, overload, reload, kill, scale, boot. Start at {@link Bench}. */
@NullMarked
package org.fieldhouse.benchmarks.endtoend;

import org.jspecify.annotations.NullMarked;
