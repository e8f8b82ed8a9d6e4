/** Tests on pseudo-terminals that socat makes. */
package org.fieldhouse.serial.port;
