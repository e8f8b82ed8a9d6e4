/** Benchmarks of the SQLite store. */
@NullMarked
package org.fieldhouse.store.sqlite;

import org.jspecify.annotations.NullMarked;
