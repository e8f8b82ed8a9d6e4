package org.fieldhouse.serial;

import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The serial ports of this machine. A service; each bundle that gets it has one of its own, so that its ports are known to be
 * its ports. Thread-safe.
 */
@ProviderType
public interface SerialPorts {
    /**
     * Opens a port for the caller alone. A port that the bundle's version before had open, with the same settings, is given on as it
     * is, with the bytes that came meanwhile; see {@link SerialPort#close}.
     *
     * @param path of the device file; links are followed, so {@code /dev/serial/by-id/…} is a good one: it stays when the numbers
     *     change. A pseudo-terminal is a port like any other
     * @throws BindingException if it is not there, may not be used, is in use, or is no serial port. The message names the path and the
     *     cure; permanent if nothing but another path helps
     */
    SerialPort open(String path, SerialSettings settings) throws BindingException;

    /** Paths of the ports that the system knows, by name where they have one, for people to choose from. Looks at the disk. */
    List<String> available();
}
