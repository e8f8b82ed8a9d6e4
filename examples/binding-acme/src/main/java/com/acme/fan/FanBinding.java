package com.acme.fan;

import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.SettingsException;
import org.osgi.service.component.annotations.Component;

/** Acme's fans, which speak lines of text over TCP. */
@Component
public final class FanBinding implements Binding {
    @Override
    public String id() {
        return "acme-fan";
    }

    @Override
    public Set<String> types() {
        return Set.of("fan");
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        if (!config.type().equals("fan")) {
            throw config.settings().problem("", "there is no '" + config.type() + "', only fan");
        }
        String host = config.settings().text("host");
        int port = (int) config.settings().integer("port", 1, 65_535, 4_711);
        return new FanDevice(host, port);
    }
}
