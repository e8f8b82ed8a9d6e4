/** The event bus: one order for every fact, bounded subscribers. */
@NullMarked
@Export
@Version("1.1.0")
package org.fieldhouse.api.bus;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
