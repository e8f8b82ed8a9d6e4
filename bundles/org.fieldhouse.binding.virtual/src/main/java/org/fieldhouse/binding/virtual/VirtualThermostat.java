package org.fieldhouse.binding.virtual;

import java.time.Duration;
import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.Refresh;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.jspecify.annotations.Nullable;

/**
 * A room with a radiator: the temperature follows the heat with a delay of the first order, and the thermostat heats 0.3 K below
 * its setpoint and stops 0.3 K above.
 */
final class VirtualThermostat implements Device {
    private static final double BAND_KELVIN = 0.3;
    /** Where the room would end with the radiator on for ever, °C. */
    private static final double HOTTEST = 35;

    private final Duration response;
    private final Duration step;
    private final double outside;
    private final double secondsToFollow;
    private double temperature;
    private double setpoint = 20;
    private String mode = "heat";
    private boolean heating;
    private @Nullable DeviceContext context;

    VirtualThermostat(Settings settings, Duration response) throws SettingsException {
        this.response = response;
        this.outside = settings.number("outside", -50, 50, 5);
        this.temperature = settings.number("start", -50, 50, 18);
        this.secondsToFollow =
                settings.duration("follows", Duration.ofMinutes(30)).toMillis() / 1000.0;
        this.step = settings.duration("interval", Duration.ofSeconds(10));
        if (secondsToFollow <= 0 || step.isZero()) {
            throw settings.problem("", "'follows' and 'interval' are above 0");
        }
    }

    @Override
    public void open(DeviceContext newContext) {
        context = newContext;
        newContext.describe(DeviceDescription.of(
                "thermostat",
                PointSpec.control(
                                "setpoint",
                                ValueSpec.quantity(Units.CELSIUS, 5, 30).withStep(0.5))
                        .withCategory(Category.SETPOINT),
                PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS))
                        .withMaxAge(step.multipliedBy(3)),
                PointSpec.control("mode", ValueSpec.choice(List.of("off", "heat"))),
                PointSpec.state("heating", ValueSpec.ON_OFF)));
        report(newContext);
        newContext.every(step, () -> {
            pass(step.toMillis() / 1000.0);
            report(newContext);
        });
    }

    /** Lets time pass in the room. */
    void pass(double seconds) {
        if (mode.equals("off")) {
            heating = false;
        } else if (temperature < setpoint - BAND_KELVIN) {
            heating = true;
        } else if (temperature > setpoint + BAND_KELVIN) {
            heating = false;
        }
        double end = heating ? HOTTEST : outside;
        temperature = end + (temperature - end) * Math.exp(-seconds / secondsToFollow);
    }

    @Override
    public void handle(Command command) throws BindingException {
        DeviceContext now = context;
        if (now == null) {
            throw new BindingException("not open");
        }
        if (command.request() instanceof SetPoint set) {
            now.after(response, () -> {
                if (set.value() instanceof Quantity q) {
                    setpoint = q.number();
                } else if (set.value() instanceof Choice c) {
                    mode = c.option();
                }
                report(now);
            });
        } else if (command.request() instanceof Refresh) {
            report(now);
        }
    }

    private void report(DeviceContext now) {
        now.report("setpoint", new Quantity(setpoint, Units.CELSIUS));
        now.report("temperature", new Quantity(temperature, Units.CELSIUS));
        now.report("mode", new Choice(mode));
        now.report("heating", Bool.of(heating));
    }

    @Override
    public void close() {
        context = null;
    }
}
