package org.fieldhouse.binding.virtual;

import java.util.Random;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;

/** A sensor of one quantity that moves between two bounds. */
final class VirtualSensor implements Device {
    /** A walk's step, as a part of the range. */
    private static final double STRIDE = 0.05;

    private final SensorSettings settings;
    private final Random random;
    /** 0 to 1 of the range. */
    private double walked = 0.5;

    VirtualSensor(SensorSettings settings, Random random) {
        this.settings = settings;
        this.random = random;
    }

    @Override
    public void open(DeviceContext context) {
        // Three missed reports, and the value is stale.
        PointSpec point = PointSpec.measurement(settings.point(), ValueSpec.quantity(settings.unit()))
                .withMaxAge(settings.interval().multipliedBy(3));
        context.describe(DeviceDescription.of("sensor", point));
        measure(context);
        context.every(settings.interval(), () -> measure(context));
    }

    private void measure(DeviceContext context) {
        double part =
                switch (settings.wave()) {
                    case SINE -> sine(context.clock().millis());
                    case WALK -> walked = Math.min(1, Math.max(0, walked + STRIDE * (2 * random.nextDouble() - 1)));
                    case CONSTANT -> 0.5;
                };
        double number = settings.min() + part * (settings.max() - settings.min());
        context.report(settings.point(), new Quantity(number, settings.unit()));
    }

    private double sine(long millis) {
        double turns = (double) millis / settings.period().toMillis();
        return 0.5 + 0.5 * Math.sin(2 * Math.PI * turns);
    }
}
