/** The other end: runs in the process of an isolated feature, outside its framework, and never in that of the house. */
@NullMarked
package org.fieldhouse.isolation.child;

import org.jspecify.annotations.NullMarked;
