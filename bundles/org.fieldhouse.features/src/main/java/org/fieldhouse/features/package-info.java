/** Installs, updates and removes features and bundles while the house runs, as a whole or not at all. */
@NullMarked
package org.fieldhouse.features;

import org.jspecify.annotations.NullMarked;
