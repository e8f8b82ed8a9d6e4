package org.fieldhouse.api.binding;

import java.util.Set;
import org.fieldhouse.api.config.SettingsException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A bundle's way to one protocol: register it as a service. It says which types of device there are and makes them; everything
 * that takes time or can fail (connecting, retrying, threads, timers, cleaning up) is done by the runtime through the
 * {@link Device}.
 */
@ConsumerType
public interface Binding {
    /** Short and stable, used in {@code devices/*.yaml}: {@code mqtt}. Lower-case letters, digits, hyphens. */
    String id();

    /** The types of device it makes, as used in {@code devices/*.yaml}: {@code broker}, {@code topics}. */
    Set<String> types();

    /**
     * Makes a device from its settings. Reads and checks the settings, and nothing else: no I/O, no threads. May be called for a
     * device that will never be opened (to check a file).
     *
     * @throws SettingsException for a setting that cannot be used
     */
    Device create(DeviceConfig config) throws SettingsException;

    /**
     * This version is about to take devices over from another one, which still works; called after {@link #create} for all of them.
     * What they will need in a hurry can be run once here, so that it is loaded and warm. Nothing of it may be seen outside: no I/O,
     * no thread that stays. Counts as part of the start, which is limited to 10 s.
     */
    default void rehearse() throws InterruptedException {}
}
