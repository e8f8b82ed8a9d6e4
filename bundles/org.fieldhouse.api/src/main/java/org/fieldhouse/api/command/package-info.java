/** Commands: requests for what should be, validated, arbitrated and followed to their end. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
