/** The journal: every event as bytes, committed in groups; reading it back. */
@NullMarked
package org.fieldhouse.runtime.journal;

import org.jspecify.annotations.NullMarked;
