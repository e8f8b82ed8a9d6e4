/** Replacing bundles while the house runs, and finding what keeps those that left. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.swap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
