/** The demonstration: a house and a plant that exist only here, and a view of what the runtime does with them. */
@NullMarked
package org.fieldhouse.demo;

import org.jspecify.annotations.NullMarked;
