/** Ports as the operating system has them. */
@NullMarked
package org.fieldhouse.serial.port;

import org.jspecify.annotations.NullMarked;
