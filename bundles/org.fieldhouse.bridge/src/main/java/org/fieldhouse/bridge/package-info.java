/** Carries events between the house's bus and the two event services of OSGi. */
@NullMarked
package org.fieldhouse.bridge;

import org.jspecify.annotations.NullMarked;
