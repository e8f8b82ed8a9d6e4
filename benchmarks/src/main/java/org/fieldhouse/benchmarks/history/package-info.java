/** What the files of the history cost. */
@NullMarked
package org.fieldhouse.benchmarks.history;

import org.jspecify.annotations.NullMarked;
