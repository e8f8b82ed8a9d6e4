package org.fieldhouse.runtime.host;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices that a new version of a binding has made while those of the old one still work: so they are ready when they change over, and a
 * version that cannot make them never gets so far. Thread-safe.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private record Made(Binding binding, DeviceEntry entry, Device device) {}

    private final Map<DeviceId, Made> made = new ConcurrentHashMap<>();

    /** Makes what the other version has open; why that is not possible, or null. */
    @Nullable
    String make(Binding binding, Collection<HostedDevice> open) {
        for (HostedDevice device : open) {
            DeviceEntry entry = device.entry();
            String refusal = make(binding, device, entry);
            if (refusal != null) {
                forget(binding);
                return entry.name() + ": " + refusal;
            }
        }
        return rehearse(binding);
    }

    private @Nullable String rehearse(Binding binding) {
        try {
            binding.rehearse();
            return null;
        } catch (InterruptedException e) {
            LOG.debug("{}: goes on without a whole rehearsal", binding.id());
            return null;
        } catch (RuntimeException | Error e) {
            forget(binding);
            return "it does not rehearse: " + e;
        }
    }

    private @Nullable String make(Binding binding, HostedDevice device, DeviceEntry entry) {
        DeviceHost host = device.host();
        if (!binding.types().contains(entry.type())) {
            return host.unknownType(binding, entry.type());
        }
        try {
            Settings settings = new Settings(entry.settings(), entry.places(), host::secret);
            Device ready =
                    binding.create(new DeviceConfig(entry.id(), entry.name(), entry.type(), device.bridge(), settings));
            host.created(entry, settings);
            made.put(entry.id(), new Made(binding, entry, ready));
            return null;
        } catch (SettingsException e) {
            return e.place() + ": " + e.getMessage();
        } catch (RuntimeException | Error e) {
            return HostedDevice.threw(e);
        }
    }

    /** The device of that entry, once; null if it has not been made. */
    @Nullable
    Device take(Binding binding, DeviceEntry entry) {
        Made ready = made.remove(entry.id());
        return ready != null && ready.binding == binding && ready.entry.samePlant(entry) ? ready.device : null;
    }

    /** The binding goes. */
    void forget(Binding binding) {
        made.values().removeIf(m -> m.binding == binding);
    }
}
