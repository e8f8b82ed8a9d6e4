/** The configuration directory: device entries, generations, secrets, edits. */
@NullMarked
package org.fieldhouse.runtime.config;

import org.jspecify.annotations.NullMarked;
