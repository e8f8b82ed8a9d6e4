/** Watches bundles being replaced, takes back what is not healthy, and finds what keeps those that left. */
@NullMarked
package org.fieldhouse.runtime.swap;

import org.jspecify.annotations.NullMarked;
