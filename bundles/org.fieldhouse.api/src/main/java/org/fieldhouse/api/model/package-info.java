/** Devices and their points: what the house is made of, and the state it is in. */
@NullMarked
@Export
@Version("1.4.0")
package org.fieldhouse.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
