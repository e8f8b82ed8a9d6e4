package org.fieldhouse.binding.virtual;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.SettingsException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Makes devices that exist in memory alone. */
@Component(configurationPid = "org.fieldhouse.binding.virtual")
@Designate(ocd = VirtualConfig.class)
public final class VirtualBinding implements Binding {
    private static final Set<String> TYPES = Set.of("switch", "dimmer", "sensor", "button", "thermostat");

    private final Duration response;
    private final long seed;
    private final VirtualRadio radio = new VirtualRadio();

    @Activate
    public VirtualBinding(VirtualConfig config) {
        this(Duration.ofMillis(config.responseMillis()), config.seed());
    }

    /**
     * @param response how long a device takes to do what it is told
     * @param seed of the random walks; 0 for another one each time
     */
    VirtualBinding(Duration response, long seed) {
        this.response = response;
        this.seed = seed;
    }

    @Override
    public String id() {
        return "virtual";
    }

    @Override
    public Set<String> types() {
        return TYPES;
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        return switch (config.type()) {
            case "switch" -> light(config, false);
            case "dimmer" -> light(config, true);
            case "sensor" -> new VirtualSensor(SensorSettings.read(config.settings()), random(config));
            case "button" -> new VirtualButton();
            case "thermostat" -> new VirtualThermostat(config.settings(), response);
            default -> throw config.settings().problem("", "there is no virtual '" + config.type() + "'");
        };
    }

    private VirtualLight light(DeviceConfig config, boolean dims) throws SettingsException {
        return new VirtualLight(dims, response, config.settings().flag("links", true) ? radio : null);
    }

    /** Each device walks its own way, and the same one in every run with the same seed. */
    private Random random(DeviceConfig config) {
        return seed == 0 ? new Random() : new Random(seed ^ config.id().hashCode());
    }
}
