/** Holds the rules to their promises: the same again, through kills, reloads and any input. Each has a main and a short test. */
@NullMarked
package org.fieldhouse.benchmarks.proof;

import org.jspecify.annotations.NullMarked;
