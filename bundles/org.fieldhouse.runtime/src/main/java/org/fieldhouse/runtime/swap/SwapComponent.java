package org.fieldhouse.runtime.swap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Leak;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.runtime.host.HostComponent;
import org.fieldhouse.runtime.host.SwapListener;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Hot swap in the container. */
@Component(service = HotSwap.class, immediate = true, configurationPid = "org.fieldhouse.runtime.swap")
@Designate(ocd = SwapSettings.class)
public final class SwapComponent implements HotSwap {
    private final BundleContext context;
    private final HostComponent host;
    private final Swaps swaps;

    @Activate
    public SwapComponent(@Reference HostComponent host, SwapSettings settings, BundleContext context)
            throws IOException {
        this.context = context;
        this.host = host;
        String home = context.getProperty("fieldhouse.home");
        Path directory = home == null ? context.getDataFile("swap").toPath() : Path.of(home, "data", "swap");
        Beside.sweep(context);
        Remnants remnants = new Remnants(context);
        Departures departures = new Departures(() -> {
            remnants.forget();
            RecordCaches.moveOn();
        });
        swaps = new Swaps(
                context,
                host.host(),
                new Swaps.Limits(
                        Duration.ofMillis(settings.startMillis()),
                        Duration.ofMillis(settings.registerMillis()),
                        Duration.ofMillis(settings.healthyMillis())),
                new JarKeeper(directory),
                departures);
        context.addBundleListener(swaps);
        host.host().watch(swaps);
    }

    @Override
    public CompletionStage<Swap> replace(long bundleId, Path jar) {
        return swaps.replace(bundleId, jar);
    }

    @Override
    public List<Swap> recent() {
        return swaps.recent();
    }

    @Override
    public Map<String, Integer> starts() {
        return swaps.starts();
    }

    @Override
    public List<Leak> leaks(boolean heapDump) {
        return swaps.leaks(heapDump);
    }

    @Deactivate
    void stop() {
        host.host().watch(SwapListener.NONE);
        context.removeBundleListener(swaps);
        swaps.close();
    }
}
