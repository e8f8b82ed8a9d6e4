@NullMarked
package org.fieldhouse.history.store;

import org.jspecify.annotations.NullMarked;
