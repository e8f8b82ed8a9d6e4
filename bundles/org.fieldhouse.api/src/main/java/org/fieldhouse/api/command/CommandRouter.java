package org.fieldhouse.api.command;

import org.fieldhouse.api.event.Cue;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service through which everybody asks for something. One instance per using bundle: the cause's origin comes from the
 * bundle that holds the service, so it cannot be forged by what a caller says. That bundle's manifest must name {@code command} in
 * {@code Fieldhouse-Permissions}.
 *
 * <p>Idempotent requests (set, relinquish, refresh) from rules leave for the device at once. Actions that may not be repeated,
 * and everything a person asks for, leave after their record is on disk.
 */
@ProviderType
public interface CommandRouter {
    /**
     * Validates, arbitrates and sends a request. Returns at once; any thread.
     *
     * @throws CommandRefusedException if it is not valid, or the bundle has not declared that it commands; nothing was recorded or
     *     sent
     */
    CommandTicket send(Request request, Cue cue) throws CommandRefusedException;
}
