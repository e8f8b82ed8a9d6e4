/** The configuration directory: typed settings, problems with their place, generations. */
@NullMarked
@Export
@Version("1.3.0")
package org.fieldhouse.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
