/** Follows the journal by cursor and keeps what points were. */
@NullMarked
package org.fieldhouse.history;

import org.jspecify.annotations.NullMarked;
