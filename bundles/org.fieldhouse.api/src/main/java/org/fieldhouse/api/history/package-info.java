/** What was: states of points in the past, offered by the feature {@code history}. Without that feature the service is not there. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.history;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
