/** Runs features in processes of their own: starts them, speaks with them, watches them, and brings their bindings into the house. */
@NullMarked
package org.fieldhouse.isolation;

import org.jspecify.annotations.NullMarked;
