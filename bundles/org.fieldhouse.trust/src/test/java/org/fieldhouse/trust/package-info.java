@NullMarked
package org.fieldhouse.trust;

import org.jspecify.annotations.NullMarked;
