/** The rule engine by itself: no bus, no disk. */
@NullMarked
package org.fieldhouse.benchmarks.rules;

import org.jspecify.annotations.NullMarked;
