/** What advertisements mean: pure functions from bytes to readings. Every format names its document. */
@NullMarked
package org.fieldhouse.binding.bluetooth.codec;

import org.jspecify.annotations.NullMarked;
