/** Journal and snapshots in one SQLite file. */
@NullMarked
package org.fieldhouse.store.sqlite;

import org.jspecify.annotations.NullMarked;
