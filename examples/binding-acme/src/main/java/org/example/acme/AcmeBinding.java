package org.example.acme;

import java.time.Duration;
import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.serial.SerialPorts;
import org.fieldhouse.serial.SerialSettings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Which devices there are, and their settings. */
@Component(configurationPid = "org.example.acme")
@Designate(ocd = AcmeConfig.class)
public final class AcmeBinding implements Binding {
    private static final SerialSettings USUAL = SerialSettings.baud(9_600);

    private final SerialPorts ports;
    private final Duration silence;

    @Activate
    public AcmeBinding(@Reference SerialPorts ports, AcmeConfig config) {
        this(ports, Duration.ofSeconds(config.silenceSeconds()));
    }

    AcmeBinding(SerialPorts ports, Duration silence) {
        this.ports = ports;
        this.silence = silence;
    }

    @Override
    public String id() {
        return "acme";
    }

    @Override
    public Set<String> types() {
        return Set.of("fan");
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        Settings settings = config.settings();
        if (!config.type().equals("fan")) {
            throw settings.problem("", "there is no '" + config.type() + "', only fan");
        }
        return new AcmeDevice(ports, settings.text("port"), SerialSettings.of(settings, USUAL), silence);
    }
}
