/** Parts of the configuration that are tried by themselves. */
@NullMarked
package org.fieldhouse.runtime.config;

import org.jspecify.annotations.NullMarked;
