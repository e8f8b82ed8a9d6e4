/** Benchmarks of the journal's codec. */
@NullMarked
package org.fieldhouse.runtime.journal;

import org.jspecify.annotations.NullMarked;
