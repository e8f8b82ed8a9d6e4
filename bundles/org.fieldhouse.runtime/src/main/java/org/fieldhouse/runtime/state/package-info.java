/** What is: the last state of every point, written by the sequencer alone, read by everybody without a lock. */
@NullMarked
package org.fieldhouse.runtime.state;

import org.jspecify.annotations.NullMarked;
