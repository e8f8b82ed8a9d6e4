/** What the house and a process of an isolated feature say to each other. Both ends load this package from the same jar. */
@NullMarked
package org.fieldhouse.isolation.wire;

import org.jspecify.annotations.NullMarked;
