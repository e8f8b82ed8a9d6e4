/** Values and units: what a point can carry. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.value;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
