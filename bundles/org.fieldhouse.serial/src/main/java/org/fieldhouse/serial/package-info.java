/** Serial ports for bindings. Start at {@link org.fieldhouse.serial.SerialPorts}, a service. */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.serial;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
