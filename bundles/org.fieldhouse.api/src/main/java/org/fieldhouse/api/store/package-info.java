/** What a store implements: journal and snapshots as opaque bytes, durable in order. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
