package org.example.acme;

import java.time.Duration;
import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Which devices there are, and their settings. */
@Component(configurationPid = "org.example.acme")
@Designate(ocd = AcmeConfig.class)
public final class AcmeBinding implements Binding {
    private static final int USUAL_PORT = 4_711;

    private final Duration silence;

    @Activate
    public AcmeBinding(AcmeConfig config) {
        this(Duration.ofSeconds(config.silenceSeconds()));
    }

    AcmeBinding(Duration silence) {
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
        return new AcmeDevice(
                settings.text("host"), (int) settings.integer("port", 1, 65_535, USUAL_PORT), silence);
    }
}
