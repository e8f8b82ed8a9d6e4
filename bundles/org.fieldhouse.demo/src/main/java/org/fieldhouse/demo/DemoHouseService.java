package org.fieldhouse.demo;

import java.time.Clock;
import java.util.Locale;
import org.fieldhouse.demo.sim.FrameLog;
import org.fieldhouse.demo.sim.Simulator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Runs the simulated house while the bundle is started; for the view, a service within the bundle. */
@Component(immediate = true, service = DemoHouseService.class, configurationPid = "org.fieldhouse.demo")
@Designate(ocd = DemoConfig.class)
public final class DemoHouseService {
    private final Simulator simulator;
    private final String url;

    @Activate
    public DemoHouseService(DemoConfig config) {
        url = config.url();
        simulator = new Simulator(url, config.baseTopic(), config.daySeconds(), config.seed(), Clock.systemUTC());
        simulator.start();
    }

    @Deactivate
    public void stop() {
        simulator.close();
    }

    /** The broker that it speaks to. */
    public String url() {
        return url;
    }

    /** The last messages of each device. */
    public FrameLog frames() {
        return simulator.frames();
    }

    /** The time of day in the demo, {@code 18:40}. */
    public String time() {
        double hour = simulator.hour();
        return String.format(Locale.ROOT, "%02d:%02d", (int) hour, (int) (hour % 1 * 60));
    }
}
