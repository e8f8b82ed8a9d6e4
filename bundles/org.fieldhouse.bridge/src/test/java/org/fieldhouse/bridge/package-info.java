@NullMarked
package org.fieldhouse.bridge;

import org.jspecify.annotations.NullMarked;
