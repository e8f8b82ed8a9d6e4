@NullMarked
package org.fieldhouse.history;

import org.jspecify.annotations.NullMarked;
